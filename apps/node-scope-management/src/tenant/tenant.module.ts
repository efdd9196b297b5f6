import { Module } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { DatabaseModule } from '../database/database.module.js';
import { FactsModule } from '../facts/index.js';
import { WriteModule } from '../write/index.js';
import { ChangeTenantStatusCommand } from './change-tenant-status.command.js';
import { CreateTenantCommand } from './create-tenant.command.js';
import { DeleteTenantCommand } from './delete-tenant.command.js';
import { DeletedTenantsResolver } from './deleted-tenants.resolver.js';
import { EraseTenantCommand } from './erase-tenant.command.js';
import { ManagedTenantsResolver } from './managed-tenants.resolver.js';
import { PlatformGate } from './platform-gate.js';
import { RenameTenantCommand } from './rename-tenant.command.js';
import { SetStaleModeCommand } from './set-stale-mode.command.js';
import { SetTenantLimitsCommand } from './set-tenant-limits.command.js';
import { TenantEraser } from './tenant.eraser.js';
import { TenantResolver } from './tenant.resolver.js';
import { TenantsQuery } from './tenants.query.js';
import { UpdateBuiltInRolesCommand } from './update-built-in-roles.command.js';

const commands = [
  ChangeTenantStatusCommand,
  CreateTenantCommand,
  DeleteTenantCommand,
  EraseTenantCommand,
  RenameTenantCommand,
  SetTenantLimitsCommand,
  UpdateBuiltInRolesCommand,
];
const resolvers = [DeletedTenantsResolver, ManagedTenantsResolver, TenantResolver];

@Module({
  imports: [DatabaseModule, FactsModule, WriteModule],
  providers: [...commands, ...resolvers, PlatformGate, SetStaleModeCommand, TenantsQuery],
  exports: [...commands, PlatformGate],
})
export class TenantModule {}

/** What serving processes do by themselves. */
@Module({
  imports: [TenantModule],
  providers: [
    {
      provide: TenantEraser,
      inject: [EraseTenantCommand, PinoLogger],
      useFactory: (eraseTenant: EraseTenantCommand, logger: PinoLogger) => {
        logger.setContext(TenantEraser.name);
        return new TenantEraser(eraseTenant, logger);
      },
    },
  ],
})
export class TenantErasureModule {}
