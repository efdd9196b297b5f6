import { Module, type DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { DestinationStream } from 'pino';
import { ACCESS_LOGGER, accessLogger } from './access-logger.js';
import { loggerOptions, type LoggingOptions } from './logger-options.js';

/** Provides `PinoLogger` everywhere, and Nest's own logger on the same stream. */
@Module({})
export class LoggingModule {
  /** @param destination standard output by default */
  static forRoot(options: LoggingOptions, destination?: DestinationStream): DynamicModule {
    const pinoOptions = { ...loggerOptions(options), wrapSerializers: false };
    return {
      module: LoggingModule,
      providers: [{ provide: ACCESS_LOGGER, useValue: accessLogger(options, destination) }],
      imports: [
        LoggerModule.forRoot({
          pinoHttp: destination === undefined ? pinoOptions : [pinoOptions, destination],
          // Requests are logged by a hook of the HTTP server, which also sees those that match no
          // route and whose context is not lost while a body is read.
          forRoutes: [],
        }),
      ],
    };
  }
}
