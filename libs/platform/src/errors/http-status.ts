import type { ErrorCode } from '@bastion/contracts';
import { assertUnreachable } from './assert-unreachable.js';

/** The HTTP status (RFC 9110, section 15) of a catalogued error. */
export function httpStatusOf(code: ErrorCode): number {
  switch (code) {
    case 'INVALID_INPUT':
    case 'INVALID_CONSISTENCY_TOKEN':
    case 'INVALID_PERMISSION':
    case 'INVALID_VALIDITY':
    case 'INVALID_CONDITION':
      return 400;
    case 'UNAUTHENTICATED':
      return 401;
    case 'FORBIDDEN':
    case 'ESCALATION':
    case 'TENANT_SUSPENDED':
      return 403;
    case 'NOT_FOUND':
      return 404;
    case 'READER_OUTDATED':
    case 'IDEMPOTENCY_KEY_REUSED':
    case 'ALREADY_EXISTS':
    case 'INVALID_STATUS_CHANGE':
    case 'PRINCIPAL_ENDED':
    case 'TOO_MANY_CREDENTIALS':
    case 'GROUP_CYCLE':
    case 'ROLE_CYCLE':
    case 'SCOPE_CYCLE':
    case 'ROOT_SCOPE_IMMUTABLE':
    case 'SCOPE_NOT_EMPTY':
    case 'ROLE_NOT_ASSIGNABLE_HERE':
    case 'BUILT_IN_ROLE':
    case 'BUILT_IN_GROUP':
    case 'MANAGED_BY_CONNECTION':
    case 'LAST_ADMIN':
    case 'TENANT_LIMIT_REACHED':
      return 409;
    case 'CURSOR_EXPIRED':
      return 410;
    case 'VERSION_MISMATCH':
      return 412;
    case 'TOO_MANY_ATTEMPTS':
      return 429;
    case 'INTERNAL_ERROR':
      return 500;
    case 'UNAVAILABLE':
      return 503;
    default:
      return assertUnreachable(code);
  }
}
