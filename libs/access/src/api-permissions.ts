/**
 * The permissions that the project's own APIs ask for, beside whatever resource types the callers
 * bring. Reading and writing principals, groups and roles is asked at the root scope; scopes,
 * resources and assignments at the scope concerned.
 */
export const API_PERMISSIONS = [
  'tenant:read',
  /** To choose for the whole tenant, such as its stale mode; in `platform`, to act on any tenant. */
  'tenant:write',
  'user:read',
  'user:write',
  'service-account:read',
  'service-account:write',
  'group:read',
  'group:write',
  'scope:read',
  'scope:write',
  /** To register resources under a scope, move and unregister them; not to change the tree. */
  'resource:read',
  'resource:write',
  'role:read',
  'role:write',
  /** To say which resource types and verbs there are; not to give anybody any of them. */
  'catalogue:write',
  'assignment:read',
  'assignment:write',
  /** To give in a scope what one does not hold there: the exemption from the escalation rule. */
  'assignment:any',
  'audit:read',
  /** To ask what others may do. */
  'access:check',
] as const;

export type ApiPermission = (typeof API_PERMISSIONS)[number];
