import { type DynamicModule, Module } from '@nestjs/common';
import { LoggingModule } from '@bastion/platform';
import pino from 'pino';
import { AuditModule } from '../audit/index.js';
import { RelayDatabaseModule } from '../database/relay-database.module.js';
import { BacklogQuery, OutboxModule, WindowReplay } from '../outbox/index.js';
import { FactsModule } from '../facts/index.js';
import { TenantModule } from '../tenant/index.js';
import { TenantExportModule } from '../tenant-export/index.js';
import { DatabaseModule } from '../database/database.module.js';
import { AdminServices } from './admin-services.js';
import { ConfiguredDeadLetters } from './dead-letters.js';
import { ReplayMessagesCommand } from './replay-messages.command.js';
import { StatusQuery } from './status.query.js';
import { SyncAdminModule } from './sync-admin.module.js';
import { TenantListQuery } from './tenant-list.query.js';
import { TenantServices } from './tenant-services.js';

const STANDARD_ERROR = 2;

/** Tenants from their creation to their end. */
@Module({
  imports: [FactsModule, TenantModule, TenantExportModule],
  exports: [FactsModule, TenantModule, TenantExportModule],
})
class TenantsModule {}

/** What the operator's command runs on: the features' own commands, without HTTP and without AMQP. */
@Module({})
export class AdminModule {
  static forRoot(): DynamicModule {
    const log = pino.destination({ dest: STANDARD_ERROR, sync: true });
    return {
      module: AdminModule,
      imports: [
        LoggingModule.forRoot({ service: 'node-scope-management-admin', level: 'fatal' }, log),
        DatabaseModule,
        RelayDatabaseModule,
        OutboxModule,
        AuditModule,
        TenantsModule,
        SyncAdminModule,
      ],
      providers: [
        AdminServices,
        BacklogQuery,
        ConfiguredDeadLetters,
        ReplayMessagesCommand,
        StatusQuery,
        TenantListQuery,
        TenantServices,
        WindowReplay,
      ],
    };
  }
}
