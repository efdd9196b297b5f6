import { Clock, ConsistencyTokens } from '@bastion/platform';
import { Module, type DynamicModule } from '@nestjs/common';
import { SnapshotReader } from '../projection/index.js';
import { AccessListsQuery } from './access-lists.query.js';
import { ExplainQuery } from './explain.query.js';
import { PinnedSnapshots, type PinLimits } from './pinned-snapshots.js';
import { ReviewResolver } from './review.resolver.js';

export interface ReviewOptions {
  readonly clock: Clock;
  readonly tokens: ConsistencyTokens;
  /** Provides the {@link SnapshotReader}. */
  readonly projection: DynamicModule;
}

const PINS: PinLimits = { maxPerTenant: 4, max: 64, keepMs: 5 * 60_000 };

/** Who may do what where, complete and explained. */
@Module({})
export class ReviewModule {
  static forRoot({ clock, tokens, projection }: ReviewOptions): DynamicModule {
    return {
      module: ReviewModule,
      imports: [projection],
      providers: [
        ReviewResolver,
        {
          provide: AccessListsQuery,
          inject: [SnapshotReader],
          useFactory: (reader: SnapshotReader) =>
            new AccessListsQuery({
              ...{ reader, clock, tokens, pins: new PinnedSnapshots(PINS) },
              monotonic: () => performance.now(),
            }),
        },
        {
          provide: ExplainQuery,
          inject: [SnapshotReader],
          useFactory: (reader: SnapshotReader) => new ExplainQuery({ reader, clock, tokens }),
        },
      ],
    };
  }
}
