export { RoleModule } from './role.module.js';
export { RoleResolver } from './role.resolver.js';
export { insertRoles, retireRole, updateRole } from './role.store.js';
