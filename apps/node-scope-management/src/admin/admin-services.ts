import { Injectable } from '@nestjs/common';
import { VerifyAuditQuery } from '../audit/index.js';
import {
  ChangeTenantStatusCommand,
  CreateTenantCommand,
  UpdateBuiltInRolesCommand,
} from '../tenant/index.js';
import { ConfiguredDeadLetters } from './dead-letters.js';
import { ReplayMessagesCommand } from './replay-messages.command.js';
import { RestoreServices } from './restore-services.js';
import { StatusQuery } from './status.query.js';
import { SyncServices } from './sync-services.js';
import { TenantListQuery } from './tenant-list.query.js';
import { TenantServices } from './tenant-services.js';

/** What the operator's command can do, each by a command or a query of the app. */
@Injectable()
export class AdminServices {
  constructor(
    readonly createTenant: CreateTenantCommand,
    readonly changeTenantStatus: ChangeTenantStatusCommand,
    readonly updateBuiltInRoles: UpdateBuiltInRolesCommand,
    readonly tenantList: TenantListQuery,
    readonly tenants: TenantServices,
    readonly verifyAudit: VerifyAuditQuery,
    readonly status: StatusQuery,
    readonly deadLetters: ConfiguredDeadLetters,
    readonly replayMessages: ReplayMessagesCommand,
    readonly sync: SyncServices,
    readonly restore: RestoreServices,
  ) {}
}
