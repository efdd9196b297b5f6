import { reject, type Rejected } from './plan.js';

/**
 * The sizes past which a write is refused. Texts in UTF-16 code units, lists in entries, times in
 * milliseconds.
 */
export const LIMITS = {
  /** Names of tenants, users, groups, scopes and roles. Not facts: the edges hold to it. */
  nameLength: 200,
  idLength: 128,
  subjectLength: 256,
  sourceLength: 128,
  scopeTypeLength: 64,
  /** Of a resource, its type and its id with a colon between them. */
  resourceKeyLength: 128,
  permissionLength: 128,
  permissionsPerRole: 500,
  includesPerRole: 100,
  scopeTypesPerRole: 50,
  typesPerService: 200,
  verbsPerType: 50,
  membersPerCall: 1000,
  /** As many as one change set carries with ease. */
  assignmentsPerCall: 1000,
  /** Below the lease that replicas have by default, nothing would ever be served. */
  leastStaleMs: 5_000,
  mostStaleMs: 24 * 60 * 60 * 1000,
} as const;

/** Refuses a text or a list whose size is outside `least` to `most`. */
export function refuseSize(
  field: string,
  value: { readonly length: number },
  most: number,
  least = 1,
): Rejected | undefined {
  if (value.length >= least && value.length <= most) return undefined;
  const unit = typeof value === 'string' ? 'characters' : 'entries';
  return reject('INVALID_INPUT', `${field} takes ${least} to ${most} ${unit}.`, {
    field,
    least,
    most,
  });
}
