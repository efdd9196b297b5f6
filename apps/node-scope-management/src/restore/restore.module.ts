import { Module } from '@nestjs/common';
import { ConsumerModule } from '../consumer/index.js';
import { DatabaseModule } from '../database/database.module.js';
import { FactsModule } from '../facts/index.js';
import { GatekeeperModule } from '../gatekeeper/index.js';
import { TenantModule } from '../tenant/index.js';
import { WriteModule } from '../write/index.js';
import { DecideGrantsCommand } from './decide-grants.command.js';
import { FindWitnessQuery } from './find-witness.query.js';
import { RestoreTenantCommand } from './restore-tenant.command.js';
import { RestoredGrantsQuery } from './restored-grants.query.js';

/** Bringing tenants back in step after the database was restored to an earlier point. */
@Module({
  imports: [
    ConsumerModule,
    DatabaseModule,
    FactsModule,
    GatekeeperModule,
    TenantModule,
    WriteModule,
  ],
  providers: [DecideGrantsCommand, FindWitnessQuery, RestoreTenantCommand, RestoredGrantsQuery],
  exports: [DecideGrantsCommand, RestoreTenantCommand, RestoredGrantsQuery],
})
export class RestoreModule {}
