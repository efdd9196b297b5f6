import { Module } from '@nestjs/common';
import { ConsistencyTokens } from '@bastion/platform';
import { consistencyTokensConfig } from '../config/consistency-tokens.config.js';
import { DatabaseModule } from '../database/database.module.js';
import { FactsModule } from '../facts/index.js';
import { OutboxSignalModule } from '../outbox/index.js';
import { ChangesResolver } from './changes.resolver.js';
import { TenantChangesQuery } from './changes.query.js';
import { CommitFeed } from './commit-feed.js';

@Module({
  imports: [DatabaseModule, FactsModule, OutboxSignalModule],
  providers: [
    {
      provide: ConsistencyTokens,
      useFactory: () => new ConsistencyTokens(consistencyTokensConfig().keys),
    },
    ChangesResolver,
    CommitFeed,
    TenantChangesQuery,
  ],
})
export class ChangesModule {}
