import {
  EVERYONE,
  type GroupFact,
  type PrincipalFact,
  type RoleAssignmentFact,
  type Snapshot,
} from '@bastion/policy';
import { hasGroup } from './grantee.js';
import { isEnded } from './restore-principals.js';
import { isSameAssignment, type Histories } from './restore-union.js';

/** What assignments hang on, as it will be. */
export interface Holders {
  readonly principals: readonly PrincipalFact[];
  readonly groups: readonly GroupFact[];
  /** Scopes and resources, these by their keys. */
  readonly places: readonly { readonly id: string }[];
}

/**
 * The assignments after the restore: the owner's grants that did not end, all its denies, and the
 * denies of the witness. A grant of the witness's never comes back by itself. What is left of a
 * retired role has ended on either side.
 */
export function restoreAssignments(histories: Histories, holders: Holders): RoleAssignmentFact[] {
  const { owner, witness, union } = histories;
  const granteeIds = new Set([
    ...holders.principals.filter((principal) => !isEnded(principal)).map(({ id }) => id),
    ...holders.groups.map(({ id }) => id),
    EVERYONE,
  ]);
  const placeIds = new Set(holders.places.map(({ id }) => id));
  const hangs = (at: Snapshot, { granteeId, scopeId, roleId }: RoleAssignmentFact): boolean =>
    granteeIds.has(granteeId) && placeIds.has(scopeId) && at.role(roleId) !== undefined;

  const kept = new Map(
    owner
      .facts()
      .assignments.filter(
        (found) => hangs(owner, found) && (isDeny(found) || isGranted(union, found)),
      )
      .map((found) => [found.id, found]),
  );
  for (const deny of witness.facts().assignments) {
    if (!isDeny(deny) || !hangs(witness, deny)) continue;
    const alike = owner
      .assignmentsOf(deny.granteeId)
      .find((found) => kept.has(found.id) && isAlike(found, deny));
    if (!alike) kept.set(deny.id, deny);
    // INVARIANT: under the id it has, or one deny would have to end before the other begins.
    else if (!lastsThrough(alike, deny)) kept.set(alike.id, lastingAsLong(alike, deny));
  }
  return [...kept.values()];
}

function isDeny({ effect }: RoleAssignmentFact): boolean {
  return effect === 'DENY';
}

/** A grant under an id that means something else to the witness has ended there. */
function isGranted(union: Snapshot, found: RoleAssignmentFact): boolean {
  const { granteeId, roleId, id } = found;
  return (
    isSameAssignment(found, union.assignment(id)) &&
    union.role(roleId) !== undefined &&
    (union.principal(granteeId) !== undefined || hasGroup(union, granteeId))
  );
}

/** Whether two assignments agree in what no two may agree in: all but id, validity and condition. */
export function isAlike(one: RoleAssignmentFact, other: RoleAssignmentFact): boolean {
  return isSameAssignment(
    { ...one, id: '', validFrom: null, validUntil: null, condition: null },
    { ...other, id: '', validFrom: null, validUntil: null, condition: null },
  );
}

/** Whether the first counts whenever the second does. */
export function lastsThrough(one: RoleAssignmentFact, other: RoleAssignmentFact): boolean {
  return (
    (one.validFrom ?? -Infinity) <= (other.validFrom ?? -Infinity) &&
    (one.validUntil ?? Infinity) >= (other.validUntil ?? Infinity) &&
    (one.condition === null || one.condition === other.condition)
  );
}

/** The first, counting whenever either does and in between: no two alike may stand side by side. */
function lastingAsLong(one: RoleAssignmentFact, other: RoleAssignmentFact): RoleAssignmentFact {
  const { validFrom: from, validUntil: until, condition } = one;
  return {
    ...one,
    validFrom: from === null || other.validFrom === null ? null : Math.min(from, other.validFrom),
    validUntil:
      until === null || other.validUntil === null ? null : Math.max(until, other.validUntil),
    condition: condition === other.condition ? condition : null,
  };
}
