import {
  applyEvents,
  buildSnapshot,
  type GroupFact,
  type MembershipFact,
  type PrincipalFact,
  type RoleAssignmentFact,
  type ScopeFact,
  type Snapshot,
} from '@bastion/policy';
import { isEnded } from './restore-principals.js';
import { hasMembership, type Histories } from './restore-union.js';

export interface RestoredGroups {
  readonly groups: readonly GroupFact[];
  readonly memberships: readonly MembershipFact[];
}

/**
 * The groups after the restore, and who is in them. What ended goes. What only the witness has
 * comes back where it puts somebody under a deny, and nowhere else: whoever escaped a deny by the
 * restore would be allowed what the witness denied. Such a membership also gives what the group is
 * granted; the witness allowed that, and no restriction of the member alone could replace it.
 */
export function restoreGroups(
  { owner, witness, union }: Histories,
  principals: readonly PrincipalFact[],
  scopes: readonly ScopeFact[],
): RestoredGroups {
  const scopeIds = new Set(scopes.map(({ id }) => id));
  const living = new Map(principals.filter((p) => !isEnded(p)).map((p) => [p.id, p]));
  const known = owner.facts().groups.filter(({ id }) => union.group(id));
  // What may still be a member of something.
  const present = new Set([...living.keys(), ...known.map(({ id }) => id)]);

  const deniedGroups = deniedIn(union, scopeIds);
  const putsUnderDeny = (groupId: string): boolean =>
    deniedGroups.has(groupId) ||
    some(union.groupsContaining(groupId), (id) => deniedGroups.has(id));
  const remade = witness
    .facts()
    .groups.filter(
      ({ id }) =>
        !owner.group(id) &&
        putsUnderDeny(id) &&
        some(membersBelow(union, id), (memberId) => present.has(memberId)),
    );
  for (const { id } of remade) present.add(id);

  const held = owner
    .facts()
    .memberships.filter(
      (membership) => hasMembership(union, membership) && present.has(membership.memberId),
    );
  const shells = denyingShells({ owner, witness, union }, scopeIds, held);
  const groups = [...known, ...shells, ...remade];
  const groupIds = new Set(groups.map(({ id }) => id));
  const kept = held.filter(({ groupId }) => groupIds.has(groupId));
  const returning = witness
    .facts()
    .memberships.filter(
      (membership) =>
        !hasMembership(owner, membership) &&
        groupIds.has(membership.groupId) &&
        present.has(membership.memberId) &&
        putsUnderDeny(membership.groupId),
    );
  const graph = buildSnapshot({ ...owner.facts(), groups, memberships: kept });
  const added = withoutCycles(graph, union, returning, living);
  return { groups, memberships: [...kept, ...added] };
}

/** The groups that are denied anything on a scope that is there. */
function deniedIn(snapshot: Snapshot, scopeIds: ReadonlySet<string>): ReadonlySet<string> {
  const denies = snapshot.facts().assignments.filter((assignment) => isDeny(assignment, scopeIds));
  return new Set(denies.map(({ granteeId }) => granteeId));
}

function isDeny({ effect, scopeId }: RoleAssignmentFact, scopeIds: ReadonlySet<string>): boolean {
  return effect === 'DENY' && scopeIds.has(scopeId);
}

/**
 * Ended groups that stay, in no group and without grants, because the owner put somebody under
 * their denies after the restore: nothing that denies the living is taken away.
 */
function denyingShells(
  { owner, union }: Histories,
  scopeIds: ReadonlySet<string>,
  held: readonly MembershipFact[],
): GroupFact[] {
  const withMembers = new Set(held.map(({ groupId }) => groupId));
  return owner
    .facts()
    .groups.filter(
      ({ id }) =>
        !union.group(id) &&
        withMembers.has(id) &&
        owner.assignmentsOf(id).some((assignment) => isDeny(assignment, scopeIds)),
    );
}

/** All principals and groups in a group, through any nesting. */
function membersBelow(snapshot: Snapshot, groupId: string): ReadonlySet<string> {
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

/**
 * The memberships to add. The owner may have nested two groups one way since, and the witness the
 * other way; each was right by itself, and together they are a cycle. Then whoever is below the one
 * goes into the other in person: under the same denies, without the cycle.
 */
function withoutCycles(
  graph: Snapshot,
  union: Snapshot,
  returning: readonly MembershipFact[],
  living: ReadonlyMap<string, PrincipalFact>,
): readonly MembershipFact[] {
  const added: MembershipFact[] = [];
  const add = (membership: MembershipFact): void => {
    added.push(membership);
    graph = applyEvents(graph, [{ type: 'member-added', membership }]);
  };
  const closing: MembershipFact[] = [];
  for (const membership of returning) {
    // INVARIANT: a returning member contains its group in no way.
    if (graph.groupsContaining(membership.groupId).has(membership.memberId))
      closing.push(membership);
    else add(membership);
  }
  for (const { groupId, memberId } of closing) {
    for (const id of membersBelow(union, memberId)) {
      const principal = living.get(id);
      if (!principal || graph.groupsContaining(id).has(groupId)) continue;
      // By hand, so that no connection takes it away unseen.
      add({ groupId, memberKind: principal.kind, memberId: id, source: 'manual' });
    }
  }
  return added;
}

function some<T>(all: Iterable<T>, holds: (one: T) => boolean): boolean {
  for (const one of all) if (holds(one)) return true;
  return false;
}
