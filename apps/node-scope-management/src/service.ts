/** The whole service inside another process. For benchmarks that vary what is below its commands. */
export { AssignRoleCommand } from './assignment/assign-role.command.js';
export { UnassignRoleCommand } from './assignment/unassign-role.command.js';
export { createNodeScopeManagement } from './create-node-scope-management.js';
export { AppDatabase, type TenantTransaction } from './database/app-database.js';
export { TenantReader } from './facts/index.js';
export { CreateTenantCommand, PLATFORM_TENANT } from './tenant/index.js';
