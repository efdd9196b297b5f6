import { Module, type DynamicModule } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Admission } from './admission.js';
import { EventLoopProbe } from './event-loop-probe.js';

/** Which requests are worked on, by how late the event loop is. */
@Module({})
export class AdmissionModule {
  static forRoot({ maxDelayMs }: { readonly maxDelayMs: number }): DynamicModule {
    return {
      module: AdmissionModule,
      providers: [
        {
          provide: Admission,
          inject: [PinoLogger],
          useFactory: (logger: PinoLogger) =>
            new Admission({ now: () => performance.now(), maxDelayMs, logger }),
        },
        {
          provide: EventLoopProbe,
          inject: [Admission],
          useFactory: (admission: Admission) =>
            new EventLoopProbe((delayMs) => admission.noteDelay(delayMs)),
        },
      ],
      exports: [Admission],
    };
  }
}
