import type { AccessEvent, GranteeKind, MembershipFact, Snapshot } from '@bastion/policy';
import { authorizeAtRoot, refuseForeignSource } from './authorize.js';
import { endAssignments, endMemberships } from './cascade.js';
import { hasGroup, refuseEveryone, refuseGrantee } from './grantee.js';
import { LIMITS, refuseSize } from './limits.js';
import {
  alreadyExists,
  notFound,
  reject,
  type Plan,
  type Rejected,
  type WriteContext,
} from './plan.js';
import { settle } from './settle.js';

export interface CreateGroup {
  readonly id: string;
}

export interface DeleteGroup {
  readonly groupId: string;
}

export interface Member {
  readonly kind: GranteeKind;
  readonly id: string;
}

/** Adds to or removes from one group, all or none. A member named twice counts once. */
export interface ChangeMembers {
  readonly groupId: string;
  /** 1 to 1,000. */
  readonly members: readonly Member[];
  readonly source: string;
}

/** Refused with FORBIDDEN or ALREADY_EXISTS. */
export function planCreateGroup(context: WriteContext, { id }: CreateGroup): Plan {
  const { before } = context;
  const refused = authorizeAtRoot(context, 'group:write');
  if (refused) return refused;
  if (hasGroup(before, id) || before.principal(id)) return alreadyExists('group', id);
  return settle(context, [{ type: 'group-created', group: { id } }]);
}

/**
 * Takes the group's assignments and its memberships either way with it. Refused with FORBIDDEN,
 * NOT_FOUND, BUILT_IN_GROUP, LAST_ADMIN; ESCALATION when members were denied something by it.
 */
export function planDeleteGroup(context: WriteContext, { groupId }: DeleteGroup): Plan {
  const { before } = context;
  const refused = authorizeAtRoot(context, 'group:write') ?? refuseEveryone(groupId);
  if (refused) return refused;
  if (!before.group(groupId)) return notFound('group');
  return settle(context, [
    ...endAssignments(before.assignmentsOf(groupId)),
    ...endMemberships(before.membersOf(groupId)),
    ...endMemberships(before.membershipsOf(groupId)),
    { type: 'group-deleted', groupId },
  ]);
}

/**
 * Refused with FORBIDDEN, INVALID_INPUT, MANAGED_BY_CONNECTION, NOT_FOUND, PRINCIPAL_ENDED,
 * BUILT_IN_GROUP for Everyone, as the group or among the members, GROUP_CYCLE, ALREADY_EXISTS for a
 * membership that this source holds, ESCALATION, LAST_ADMIN.
 */
export function planAddMembers(context: WriteContext, input: ChangeMembers): Plan {
  return planChangeMembers(context, input, 'member-added', refuseNewMember);
}

/**
 * Refused with FORBIDDEN, INVALID_INPUT, MANAGED_BY_CONNECTION, BUILT_IN_GROUP, NOT_FOUND for who is
 * no member by this source, ESCALATION when the group was denied something, LAST_ADMIN.
 */
export function planRemoveMembers(context: WriteContext, input: ChangeMembers): Plan {
  return planChangeMembers(context, input, 'member-removed', (before, membership) =>
    isHeld(before, membership) ? undefined : notFound('membership'),
  );
}

function planChangeMembers(
  context: WriteContext,
  { groupId, members, source }: ChangeMembers,
  type: 'member-added' | 'member-removed',
  refuseMember: (before: Snapshot, membership: MembershipFact) => Rejected | undefined,
): Plan {
  const { before } = context;
  const refused =
    authorizeAtRoot(context, 'group:write') ??
    refuseForeignSource(context, source) ??
    refuseSize('members', members, LIMITS.membersPerCall) ??
    refuseEveryone(groupId);
  if (refused) return refused;
  if (!before.group(groupId)) return notFound('group');
  const events = new Map<string, AccessEvent>();
  for (const { kind, id } of members) {
    const membership = { groupId, memberKind: kind, memberId: id, source };
    const refusedMember = refuseMember(before, membership);
    if (refusedMember) return refusedMember;
    events.set(id, { type, membership });
  }
  return settle(context, [...events.values()]);
}

function refuseNewMember(before: Snapshot, membership: MembershipFact): Rejected | undefined {
  const { groupId, memberId, memberKind } = membership;
  const refused = refuseEveryone(memberId) ?? refuseGrantee(before, memberKind, memberId);
  if (refused) return refused;
  // INVARIANT: a new member contains its group in no way. All members of a call go into the same
  // group, so none of them can close a cycle for another.
  if (memberId === groupId || before.groupsContaining(groupId).has(memberId)) {
    return reject('GROUP_CYCLE', 'The group would contain itself.', { groupId, memberId });
  }
  return isHeld(before, membership) ? alreadyExists('membership', memberId) : undefined;
}

function isHeld(
  before: Snapshot,
  { groupId, memberKind, memberId, source }: MembershipFact,
): boolean {
  return before
    .membershipsOf(memberId)
    .some(
      (held) =>
        held.groupId === groupId && held.memberKind === memberKind && held.source === source,
    );
}
