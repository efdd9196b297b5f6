import { applyEvents, buildSnapshot, type MembershipFact, type Snapshot } from '@bastion/policy';
import { membersBelow, type RestoredGroups } from './restore-groups.js';
import { hasMembership, type Histories } from './restore-union.js';

/**
 * Who is in the groups after the restore. A membership that ended goes; one that only the witness
 * has comes back where it puts its member under a deny. It also gives what the group is granted:
 * the witness allowed that, and nothing else that the member has could be narrowed to the deny.
 */
export function restoreMemberships(
  { owner, witness, union }: Histories,
  { groups, memberIds, putsUnderDeny }: RestoredGroups,
): MembershipFact[] {
  const groupIds = new Set(groups.map(({ id }) => id));
  const isPossible = ({ groupId, memberId }: MembershipFact): boolean =>
    groupIds.has(groupId) && memberIds.has(memberId);
  const facts = owner.facts();
  const kept = facts.memberships.filter((held) => isPossible(held) && hasMembership(union, held));
  const returning = witness
    .facts()
    .memberships.filter(
      (known) => isPossible(known) && putsUnderDeny(known.groupId) && !hasMembership(owner, known),
    );
  const before = buildSnapshot({ ...facts, groups, memberships: kept });
  return [...kept, ...withoutCycles(returning, before, union, memberIds)];
}

/**
 * The owner may have nested two groups one way since, and the witness the other way; each was right
 * by itself, and together they are a cycle. Then whoever is below the one goes into the other in
 * person: under the same denies, without the cycle.
 */
function withoutCycles(
  returning: readonly MembershipFact[],
  before: Snapshot,
  union: Snapshot,
  memberIds: ReadonlySet<string>,
): MembershipFact[] {
  let graph = before;
  const added: MembershipFact[] = [];
  const add = (membership: MembershipFact): void => {
    added.push(membership);
    graph = applyEvents(graph, [{ type: 'member-added', membership }]);
  };
  const closing: MembershipFact[] = [];
  for (const membership of returning) {
    // INVARIANT: who returns to a group contains it in no way.
    const contains = graph.groupsContaining(membership.groupId).has(membership.memberId);
    if (contains) closing.push(membership);
    else add(membership);
  }
  for (const { groupId, memberId } of closing) {
    for (const id of membersBelow(union, memberId)) {
      const principal = memberIds.has(id) ? before.principal(id) : undefined;
      if (!principal || graph.groupsContaining(id).has(groupId)) continue;
      // By hand, so that no connection takes it away unseen.
      add({ groupId, memberKind: principal.kind, memberId: id, source: 'manual' });
    }
  }
  return added;
}
