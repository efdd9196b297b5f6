import {
  applyEvents,
  buildSnapshot,
  type GroupFact,
  type MembershipFact,
  type Snapshot,
} from '@bastion/policy';
import { MANUAL } from './authorize.js';
import { membersBelow, type RestoredGroups } from './restore-groups.js';
import { hasMembership, type Histories } from './restore-union.js';

interface Nesting {
  readonly groups: readonly GroupFact[];
  readonly memberships: readonly MembershipFact[];
}

/**
 * The groups after the restore, and who is in them. A membership that ended goes; one that only the witness
 * has comes back where it puts its member under a deny. It also gives what the group is granted:
 * the witness allowed that, and nothing else that the member has could be narrowed to the deny.
 */
export function restoreMemberships(
  { owner, witness, union }: Histories,
  { groups, memberIds, putsUnderDeny }: RestoredGroups,
): Nesting {
  const groupIds = new Set(groups.map(({ id }) => id));
  const isPossible = ({ groupId, memberId }: MembershipFact): boolean =>
    groupIds.has(groupId) && memberIds.has(memberId);
  const facts = owner.facts();
  const kept = facts.memberships.filter((held) => isPossible(held) && hasMembership(union, held));
  const returning = witness
    .facts()
    .memberships.filter(
      (known) =>
        isPossible(known) && putsUnderDeny(known.groupId, union) && !hasMembership(owner, known),
    );
  const before = buildSnapshot({ ...facts, groups, memberships: kept });
  const { added, graph } = withoutCycles(returning, before, union, memberIds);
  // What lay under a deny by way of a cycle alone does so no more, and has nothing to return for.
  const isUnderDeny = (groupId: string): boolean => putsUnderDeny(groupId, graph);
  return {
    groups: groups.filter(({ id }) => owner.group(id) !== undefined || isUnderDeny(id)),
    memberships: [...kept, ...added.filter(({ groupId }) => isUnderDeny(groupId))],
  };
}

/**
 * The owner may have nested two groups one way since, and the witness the other way; each was right
 * by itself, and together they are a cycle. Then whoever is below the one goes into the other in
 * person: under the same denies, without the cycle. Nobody goes where another group takes them
 * anyway, or planning again would have them leave.
 */
function withoutCycles(
  returning: readonly MembershipFact[],
  before: Snapshot,
  union: Snapshot,
  memberIds: ReadonlySet<string>,
): { readonly added: readonly MembershipFact[]; readonly graph: Snapshot } {
  let graph = before;
  const add = (membership: MembershipFact): void => {
    graph = applyEvents(graph, [{ type: 'member-added', membership }]);
  };
  const added: MembershipFact[] = [];
  const closing: MembershipFact[] = [];
  for (const membership of returning) {
    // INVARIANT: who returns to a group contains it in no way.
    const contains = graph.groupsContaining(membership.groupId).has(membership.memberId);
    if (contains) closing.push(membership);
    else {
      added.push(membership);
      add(membership);
    }
  }
  const inPerson: MembershipFact[] = [];
  for (const { groupId, memberId } of closing) {
    for (const id of membersBelow(union, memberId)) {
      const principal = memberIds.has(id) ? before.principal(id) : undefined;
      if (!principal || isMember(graph, id, groupId)) continue;
      // By hand, so that no connection takes it away unseen.
      const membership = { groupId, memberKind: principal.kind, memberId: id, source: MANUAL };
      inPerson.push(membership);
      add(membership);
    }
  }
  const needed = inPerson.filter((membership) => !isImplied(graph, membership));
  return { added: [...added, ...needed], graph };
}

function isMember(graph: Snapshot, memberId: string, groupId: string): boolean {
  return graph.membershipsOf(memberId).some((held) => held.groupId === groupId);
}

/** Whether another group of the member's is in the group. */
function isImplied(graph: Snapshot, { memberId, groupId }: MembershipFact): boolean {
  return graph
    .membershipsOf(memberId)
    .some((held) => graph.groupsContaining(held.groupId).has(groupId));
}
