/**
 * Every code an API of this project can answer with. `docs/errors.md` lists them with what to do;
 * a test holds the two to each other.
 */
export const ERROR_CODES = [
  // Edge: what was sent
  'INVALID_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'INVALID_CONSISTENCY_TOKEN',
  'CURSOR_EXPIRED',
  'IDEMPOTENCY_KEY_REUSED',
  'VERSION_MISMATCH',
  'INTERNAL_ERROR',
  'UNAVAILABLE',
  'READER_OUTDATED',
  'TOO_MANY_ATTEMPTS',
  // Rules of the access model (libs/access)
  'ALREADY_EXISTS',
  'TENANT_SUSPENDED',
  'INVALID_STATUS_CHANGE',
  'PRINCIPAL_ENDED',
  'TOO_MANY_CREDENTIALS',
  'GROUP_CYCLE',
  'ROLE_CYCLE',
  'SCOPE_CYCLE',
  'ROOT_SCOPE_IMMUTABLE',
  'SCOPE_NOT_EMPTY',
  'ROLE_NOT_ASSIGNABLE_HERE',
  'BUILT_IN_ROLE',
  'BUILT_IN_GROUP',
  'INVALID_PERMISSION',
  'INVALID_VALIDITY',
  'INVALID_CONDITION',
  'MANAGED_BY_CONNECTION',
  'ESCALATION',
  'LAST_ADMIN',
  'TENANT_LIMIT_REACHED',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];
