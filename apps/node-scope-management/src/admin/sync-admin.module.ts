import { Module } from '@nestjs/common';
import { ConsumerModule } from '../consumer/index.js';
import { DatabaseModule } from '../database/database.module.js';
import { RelayDatabaseModule } from '../database/relay-database.module.js';
import { GatekeeperModule } from '../gatekeeper/index.js';
import { BacklogQuery, OutboxModule } from '../outbox/index.js';
import { RestoreModule } from '../restore/index.js';
import { WriteModule } from '../write/index.js';
import { CompareDigestsQuery } from './compare-digests.query.js';
import { RestoreServices } from './restore-services.js';
import { ForgetConsumerCommand } from './forget-consumer.command.js';
import { OperatorAudit } from './operator-audit.js';
import { ResyncTenantCommand } from './resync-tenant.command.js';
import { SyncLagQuery } from './sync-lag.query.js';
import { SyncServices } from './sync-services.js';

/** What `admin sync …` and `admin restore …` run on. */
@Module({
  imports: [
    ConsumerModule,
    DatabaseModule,
    GatekeeperModule,
    OutboxModule,
    RelayDatabaseModule,
    RestoreModule,
    WriteModule,
  ],
  providers: [
    BacklogQuery,
    CompareDigestsQuery,
    ForgetConsumerCommand,
    OperatorAudit,
    RestoreServices,
    ResyncTenantCommand,
    SyncLagQuery,
    SyncServices,
  ],
  exports: [OperatorAudit, RestoreServices, SyncServices],
})
export class SyncAdminModule {}
