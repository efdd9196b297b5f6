import { Module } from '@nestjs/common';
import { ConsistencyTokens } from '@bastion/platform';
import { consistencyTokensConfig } from '../config/consistency-tokens.config.js';
import { DatabaseModule } from '../database/database.module.js';
import { FactsModule } from '../facts/index.js';
import { OutboxSignalModule } from '../outbox/index.js';
import { TenantWriter } from './tenant-writer.js';

@Module({
  imports: [DatabaseModule, FactsModule, OutboxSignalModule],
  providers: [
    {
      provide: ConsistencyTokens,
      useFactory: () => new ConsistencyTokens(consistencyTokensConfig().keys),
    },
    TenantWriter,
  ],
  exports: [TenantWriter],
})
export class WriteModule {}
