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
  /** Of what is known of a user beside the names: its JSON, in characters; how deep, and how many keys in all. */
  metadataLength: 16_384,
  metadataDepth: 5,
  metadataKeys: 200,
  externalIdLength: 256,
  /** One for each connection that knows the user. */
  externalIdsPerUser: 20,
  /** Two, so that one can take the place of the other without a gap. */
  credentialsPerServiceAccount: 2,
  /** Of a resource, its type and its id with a colon between them. */
  resourceKeyLength: 128,
  permissionLength: 128,
  permissionsPerRole: 500,
  includesPerRole: 100,
  scopeTypesPerRole: 50,
  typesPerService: 200,
  verbsPerType: 50,
  membersPerCall: 1000,
  /** Of the scopes that are created, moved or granted on in one call, and of paths; how deep a path goes. */
  scopesPerCall: 1000,
  pathsPerCall: 500,
  pathDepth: 50,
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
