export { ChangeTenantStatusCommand } from './change-tenant-status.command.js';
export { CreateTenantCommand } from './create-tenant.command.js';
export { PLATFORM_TENANT } from '../facts/index.js';
export { type Operator, PlatformGate } from './platform-gate.js';
export { TenantModule } from './tenant.module.js';
export { TenantResolver } from './tenant.resolver.js';
export { listTenants, updateStaleMode, updateTenantStatus } from './tenant.store.js';
export { type RolesUpdated, UpdateBuiltInRolesCommand } from './update-built-in-roles.command.js';
