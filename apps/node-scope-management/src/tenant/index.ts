export { ChangeTenantStatusCommand } from './change-tenant-status.command.js';
export { CreateTenantCommand } from './create-tenant.command.js';
export { DeleteTenantCommand } from './delete-tenant.command.js';
export { DeletedTenantsResolver } from './deleted-tenants.resolver.js';
export { EraseTenantCommand } from './erase-tenant.command.js';
export { ManagedTenantsResolver } from './managed-tenants.resolver.js';
export { PLATFORM_TENANT } from '../facts/index.js';
export { type Operator, PlatformGate } from './platform-gate.js';
export { RenameTenantCommand } from './rename-tenant.command.js';
export { SetTenantLimitsCommand } from './set-tenant-limits.command.js';
export { TenantErasureModule, TenantModule } from './tenant.module.js';
export { TenantResolver } from './tenant.resolver.js';
export {
  getTenant,
  listDeletedTenants,
  listTenants,
  markDeleted,
  updateStaleMode,
  updateTenantStatus,
} from './tenant.store.js';
export { type RolesUpdated, UpdateBuiltInRolesCommand } from './update-built-in-roles.command.js';
