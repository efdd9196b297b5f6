export { API_PERMISSIONS, type ApiPermission } from './api-permissions.js';
export { authorize, authorizeAt, authorizeAtRoot, MANUAL } from './authorize.js';
export {
  BUILT_IN_ROLE_KEYS,
  BUILT_IN_ROLES,
  type BuiltInRole,
  type BuiltInRoleKey,
} from './built-in-roles.js';
export {
  refuseTypes,
  registered,
  type CatalogueEntry,
  type RegisteredType,
  type RegisteredVerb,
} from './catalogue.js';
export { SHIPPED_CATALOGUE } from './shipped-catalogue.js';
export { hasAdministrator } from './last-admin.js';
export { LIMITS } from './limits.js';
export type { Accepted, Actor, Plan, Rejected, TenantLimits, WriteContext } from './plan.js';
export * from './plan-access.js';
export * from './plan-assignment.js';
export * from './plan-branches.js';
export * from './plan-credential.js';
export * from './plan-group.js';
export { planInTurn } from './plan-in-turn.js';
export * from './plan-principal.js';
export * from './plan-resource.js';
export * from './plan-restore.js';
export * from './plan-role.js';
export * from './plan-scope.js';
export * from './plan-stale-mode.js';
export * from './plan-tenant.js';
export { LIMITED_KINDS, UNLIMITED } from './tenant-limits.js';
export { REJECTIONS, RejectionError, type Rejection, type RejectionCode } from './rejection.js';
