export { RoleModule } from './role.module.js';
export { RoleResolver } from './role.resolver.js';
export { RoleVersionsResolver } from './role-versions.resolver.js';
export { UnknownPermissionsResolver } from './unknown-permissions.resolver.js';
export { builtInRoleIds, insertRoles, retireRole, updateRole } from './role.store.js';
