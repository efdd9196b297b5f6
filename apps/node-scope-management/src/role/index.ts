export { RoleModule } from './role.module.js';
export { RoleResolver } from './role.resolver.js';
export { insertRoles } from './role.store.js';
