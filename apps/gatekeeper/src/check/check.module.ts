import { Clock, ConsistencyTokens } from '@bastion/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { Admission } from '../admission/index.js';
import { SnapshotReader } from '../projection/index.js';
import { AuthzenController, PUBLIC_URL } from './authzen.controller.js';
import { CheckQuery } from './check.query.js';
import { CheckResolver } from './check.resolver.js';
import { StatusQuery } from './status.query.js';
import { StatusResolver } from './status.resolver.js';

export interface CheckOptions {
  readonly publicUrl: string;
  readonly clock: Clock;
  readonly tokens: ConsistencyTokens;
  /** Provides {@link Admission}. */
  readonly admission: DynamicModule;
  /** Provides the {@link SnapshotReader}. */
  readonly projection: DynamicModule;
}

/** Decisions, over GraphQL and over AuthZEN. */
@Module({})
export class CheckModule {
  static forRoot(options: CheckOptions): DynamicModule {
    const { publicUrl, clock, tokens, admission, projection } = options;
    return {
      module: CheckModule,
      imports: [projection, admission],
      controllers: [AuthzenController],
      providers: [
        CheckResolver,
        StatusResolver,
        { provide: PUBLIC_URL, useValue: publicUrl },
        {
          provide: CheckQuery,
          inject: [SnapshotReader, Admission, PinoLogger],
          useFactory: (reader: SnapshotReader, admitting: Admission, logger: PinoLogger) =>
            new CheckQuery({ reader, admission: admitting, clock, tokens, logger }),
        },
        {
          provide: StatusQuery,
          inject: [SnapshotReader],
          useFactory: (reader: SnapshotReader) => new StatusQuery(reader, tokens),
        },
      ],
      exports: [CheckQuery],
    };
  }
}
