import { Clock, ConsistencyTokens } from '@bastion/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { Admission } from '../admission/index.js';
import { CheckQuery } from '../check/index.js';
import { SnapshotReader } from '../projection/index.js';
import { AccessChangesQuery } from './access-changes.query.js';
import { CheckChangesQuery } from './check-changes.query.js';
import { WatchResolver } from './watch.resolver.js';

export interface WatchOptions {
  readonly clock: Clock;
  readonly tokens: ConsistencyTokens;
  /** Provide {@link CheckQuery}, {@link SnapshotReader} and {@link Admission}. */
  readonly imports: readonly DynamicModule[];
}

/** What clients are told as it changes. */
@Module({})
export class WatchModule {
  static forRoot({ clock, tokens, imports }: WatchOptions): DynamicModule {
    return {
      module: WatchModule,
      imports: [...imports],
      providers: [
        WatchResolver,
        {
          provide: CheckChangesQuery,
          inject: [CheckQuery, SnapshotReader],
          useFactory: (check: CheckQuery, reader: SnapshotReader) =>
            new CheckChangesQuery({ check, reader, clock }),
        },
        {
          provide: AccessChangesQuery,
          inject: [SnapshotReader, Admission],
          useFactory: (reader: SnapshotReader, admission: Admission) =>
            new AccessChangesQuery({ reader, admission, clock, tokens }),
        },
      ],
    };
  }
}
