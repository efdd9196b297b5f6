import type { GroupFact, PrincipalFact, RoleAssignmentFact, Snapshot } from '@bastion/policy';
import { isEnded } from './restore-principals.js';
import { hasMembership, type Histories } from './restore-union.js';

export interface RestoredGroups {
  readonly groups: readonly GroupFact[];
  /** The principals and groups that may be a member of something. */
  readonly memberIds: ReadonlySet<string>;
  /** Whether whoever is in the group is under a deny by it, or by a group that is above it there. */
  readonly putsUnderDeny: (groupId: string, nesting: Snapshot) => boolean;
}

/**
 * The groups that the restore has to do with. What ended goes. What only the witness has comes back where it puts
 * somebody under a deny, and nowhere else: whoever escaped a deny by the restore would be allowed
 * what the witness denied.
 */
export function restoreGroups(
  histories: Histories,
  principals: readonly PrincipalFact[],
  places: readonly { readonly id: string }[],
): RestoredGroups {
  const { owner, witness, union } = histories;
  const placeIds = new Set(places.map(({ id }) => id));
  const denies = union.facts().assignments.filter((assignment) => isDeny(assignment, placeIds));
  const denied = new Set(denies.map(({ granteeId }) => granteeId));
  const putsUnderDeny = (groupId: string, nesting: Snapshot): boolean =>
    denied.has(groupId) || [...nesting.groupsContaining(groupId)].some((id) => denied.has(id));

  const kept = owner.facts().groups.filter(({ id }) => union.group(id));
  const living = principals.filter((principal) => !isEnded(principal));
  const there = new Set([...living, ...kept].map(({ id }) => id));
  const remade = witness
    .facts()
    .groups.filter(
      ({ id }) =>
        !owner.group(id) &&
        putsUnderDeny(id, union) &&
        [...membersBelow(union, id)].some((memberId) => there.has(memberId)),
    );
  return {
    groups: [...kept, ...remade, ...denyingShells(histories, placeIds, there)],
    memberIds: new Set([...there, ...remade.map(({ id }) => id)]),
    putsUnderDeny,
  };
}

/**
 * Ended groups that stay, in no group and without grants, because the owner put somebody under
 * their denies after the restore: nothing that denies the living is taken away.
 */
function denyingShells(
  { owner, union }: Histories,
  placeIds: ReadonlySet<string>,
  there: ReadonlySet<string>,
): GroupFact[] {
  return owner
    .facts()
    .groups.filter(
      ({ id }) =>
        !union.group(id) &&
        owner.assignmentsOf(id).some((assignment) => isDeny(assignment, placeIds)) &&
        owner.membersOf(id).some((held) => hasMembership(union, held) && there.has(held.memberId)),
    );
}

function isDeny({ effect, scopeId }: RoleAssignmentFact, placeIds: ReadonlySet<string>): boolean {
  return effect === 'DENY' && placeIds.has(scopeId);
}

/** All principals and groups in a group, through any nesting. */
export function membersBelow(snapshot: Snapshot, groupId: string): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [groupId];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const { memberId } of snapshot.membersOf(next)) {
      if (found.has(memberId)) continue;
      found.add(memberId);
      open.push(memberId);
    }
  }
  return found;
}
