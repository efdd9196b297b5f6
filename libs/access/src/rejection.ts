/**
 * Every rule a write can be refused by, with what it means. The names are part of the public error
 * catalogue (`ERROR_CODES` of the contracts); a test holds this list to it.
 */
export const REJECTIONS = {
  FORBIDDEN: 'The actor does not hold the permission that this write asks for at this scope.',
  NOT_FOUND: 'An id names nothing of that kind in this tenant.',
  INVALID_INPUT: 'A text or a list is empty or past its limit.',
  ALREADY_EXISTS: 'The id, the subject, the membership or the assignment is there already.',
  TENANT_SUSPENDED: 'A suspended tenant takes no write until an operator resumes it.',
  INVALID_STATUS_CHANGE: 'The lifecycle does not lead from the present status to this one.',
  PRINCIPAL_ENDED: 'A deprovisioned or erased principal is given and changed nothing any more.',
  TOO_MANY_CREDENTIALS: 'The service account has as many valid credentials as it may.',
  GROUP_CYCLE: 'The group would contain itself.',
  ROLE_CYCLE: 'The role would include itself.',
  SCOPE_CYCLE: 'The scope would lie within itself.',
  ROOT_SCOPE_IMMUTABLE: 'The root scope is never moved, cut or deleted.',
  SCOPE_NOT_EMPTY: 'The scope has child scopes and the deletion is not recursive.',
  ROLE_NOT_ASSIGNABLE_HERE:
    'The role may not be assigned on what is of this type, or is and shall not be.',
  BUILT_IN_ROLE: 'A built-in role is never changed or retired.',
  BUILT_IN_GROUP: 'Nobody is put into Everyone or taken out, and it is neither nested nor deleted.',
  INVALID_PERMISSION: 'A permission is not of the form resourceType:verb, resourceType:* or *.',
  INVALID_VALIDITY: 'The validity is empty, already over or not in whole milliseconds.',
  INVALID_CONDITION: 'The condition is not in the language of conditions, or too large.',
  MANAGED_BY_CONNECTION: 'It belongs to another source, and only that source writes it.',
  ESCALATION: 'The write would give someone a permission in a scope where the actor lacks it.',
  LAST_ADMIN: 'The write would leave the tenant without an administrator.',
  TENANT_LIMIT_REACHED: 'The write would pass a limit that operators have set on the tenant.',
} as const;

export type RejectionCode = keyof typeof REJECTIONS;

/** Why a write is refused. `details` are for programs, `message` is for people. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, string | number | boolean>>;
}

/** Carries a rejection out of a command's transaction, so that it rolls back; edges render it. */
export class RejectionError extends Error {
  override readonly name = 'RejectionError';

  constructor(readonly rejection: Rejection) {
    super(rejection.message);
  }
}
