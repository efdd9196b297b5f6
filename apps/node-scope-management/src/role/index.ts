export { RoleModule } from './role.module.js';
export { RoleResolver } from './role.resolver.js';
export { builtInRoleIds, insertRoles, retireRole, updateRole } from './role.store.js';
