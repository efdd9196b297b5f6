import type { AccessEvent, GranteeKind, MembershipFact, Snapshot } from '@bastion/policy';
import { authorizeAtRoot, MANUAL, refuseForeignSource } from './authorize.js';
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

/** One that is there: what it is called is changed, or it goes. */
export interface ChangeGroup {
  readonly groupId: string;
  /** The connection that manages it, such as `scim:okta`; null: it is managed by hand. */
  readonly managedBy: string | null;
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
  /** Whether who is a member by this source already, or is none, is passed over and not refused. */
  readonly repeatable?: boolean;
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
 * Changes what the group is called, which no decision depends on. Refused with FORBIDDEN, NOT_FOUND,
 * MANAGED_BY_CONNECTION.
 */
export function planChangeGroup(context: WriteContext, input: ChangeGroup): Plan {
  return refuseGroup(context, input) ?? settle(context, []);
}

/**
 * Takes the group's assignments and its memberships either way with it, whatever source holds them.
 * Refused with FORBIDDEN, NOT_FOUND, BUILT_IN_GROUP, MANAGED_BY_CONNECTION, LAST_ADMIN; ESCALATION
 * when members were denied something by it.
 */
export function planDeleteGroup(context: WriteContext, input: ChangeGroup): Plan {
  const { before } = context;
  const { groupId } = input;
  const refused = refuseGroup(context, input);
  if (refused) return refused;
  return settle(context, [
    ...endAssignments(before.assignmentsOf(groupId)),
    ...endMemberships(before.membersOf(groupId)),
    ...endMemberships(before.membershipsOf(groupId)),
    { type: 'group-deleted', groupId },
  ]);
}

/**
 * Each source adds in its own name, to any group: whoever an administrator adds to a group that a
 * connection manages is the administrator's. Refused with FORBIDDEN, INVALID_INPUT,
 * MANAGED_BY_CONNECTION, NOT_FOUND, PRINCIPAL_ENDED, BUILT_IN_GROUP for Everyone, as the group or
 * among the members, GROUP_CYCLE, ALREADY_EXISTS for a membership that this source holds, ESCALATION,
 * LAST_ADMIN.
 */
export function planAddMembers(context: WriteContext, input: ChangeMembers): Plan {
  return planChangeMembers(context, input, ADDING);
}

/**
 * Refused with FORBIDDEN, INVALID_INPUT, BUILT_IN_GROUP, NOT_FOUND for who is no member,
 * MANAGED_BY_CONNECTION for who is one by other sources alone, ESCALATION when the group was denied
 * something, LAST_ADMIN.
 */
export function planRemoveMembers(context: WriteContext, input: ChangeMembers): Plan {
  return planChangeMembers(context, input, REMOVING);
}

interface MembersChange {
  readonly type: 'member-added' | 'member-removed';
  /** Whether it is so already. */
  readonly isDone: (before: Snapshot, membership: MembershipFact) => boolean;
  readonly refuse: (before: Snapshot, membership: MembershipFact) => Rejected | undefined;
}

const ADDING: MembersChange = { type: 'member-added', isDone: isHeld, refuse: refuseNewMember };
const REMOVING: MembersChange = {
  type: 'member-removed',
  isDone: (before, membership) => holdersOf(before, membership).length === 0,
  refuse: refuseNoMember,
};

function refuseGroup(
  context: WriteContext,
  { groupId, managedBy }: ChangeGroup,
): Rejected | undefined {
  const refused = authorizeAtRoot(context, 'group:write') ?? refuseEveryone(groupId);
  if (refused) return refused;
  if (!context.before.group(groupId)) return notFound('group');
  return refuseForeignSource(context, managedBy ?? MANUAL);
}

function planChangeMembers(
  context: WriteContext,
  { groupId, members, source, repeatable = false }: ChangeMembers,
  { type, isDone, refuse }: MembersChange,
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
    if (repeatable && isDone(before, membership)) continue;
    const refusedMember = refuse(before, membership);
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

// INVARIANT: no source takes away what another one gave.
function refuseNoMember(before: Snapshot, membership: MembershipFact): Rejected | undefined {
  if (isHeld(before, membership)) return undefined;
  const [other] = holdersOf(before, membership);
  if (other === undefined) return notFound('membership');
  return reject('MANAGED_BY_CONNECTION', `Only the source ${other} ends this membership.`, {
    source: other,
  });
}

function isHeld(before: Snapshot, membership: MembershipFact): boolean {
  return holdersOf(before, membership).includes(membership.source);
}

/** The sources by which somebody is directly in a group. */
function holdersOf(
  before: Snapshot,
  { groupId, memberKind, memberId }: MembershipFact,
): readonly string[] {
  return before
    .membershipsOf(memberId)
    .filter((held) => held.groupId === groupId && held.memberKind === memberKind)
    .map(({ source }) => source);
}
