import { Module } from '@nestjs/common';
import { FactsModule } from '../facts/index.js';
import { WriteModule } from '../write/index.js';
import { ChangeTenantStatusCommand } from './change-tenant-status.command.js';
import { CreateTenantCommand } from './create-tenant.command.js';
import { PlatformGate } from './platform-gate.js';
import { SetStaleModeCommand } from './set-stale-mode.command.js';
import { TenantResolver } from './tenant.resolver.js';
import { TenantsQuery } from './tenants.query.js';
import { UpdateBuiltInRolesCommand } from './update-built-in-roles.command.js';

const commands = [ChangeTenantStatusCommand, CreateTenantCommand, UpdateBuiltInRolesCommand];

@Module({
  imports: [FactsModule, WriteModule],
  providers: [...commands, PlatformGate, SetStaleModeCommand, TenantResolver, TenantsQuery],
  exports: [...commands, PlatformGate],
})
export class TenantModule {}
