import { resourceKey, rolePermissions, type Snapshot } from '@bastion/policy';
import { refuseMissingPlace } from './authorize.js';
import { hasGroup } from './grantee.js';
import type { Kind } from './plan.js';
import { isAlike } from './restore-assignments.js';
import { covers } from './restore-permissions.js';
import { hasMembership, type Histories } from './restore-union.js';

/**
 * Wherever the outcome allows anybody more than the restored owner did, one of the first five says
 * why. None allows more than the witness and what is new to it.
 *
 * - MOVED: a scope or a resource goes where the witness had it, and what reaches it changes with its place.
 * - ADDED_AGAIN: a membership puts its member under a deny; it also gives what the group is granted.
 * - LEFT_DENY: a membership has ended; its member is out of a group that is denied something.
 * - AS_WITNESSED: a role that is both granted and denied contains what the witness says, for what
 *   is stricter in a grant is laxer in a deny.
 * - MADE_AGAIN: a group, a role or a scope (cut off) that a deny or a resource needs, whose name is not
 *   known here; or a resource.
 * - ONLY_DENIES: a group or role that has ended stays for its denies alone.
 * - LOST: something made after the restore is gone, because what it hung on has ended.
 * - DENY_PENDING: the owner lacks what a deny of the witness's hangs on. Once that is given again,
 *   planning again brings the deny back.
 */
export type RestoreNoteCode =
  | 'MOVED'
  | 'ADDED_AGAIN'
  | 'LEFT_DENY'
  | 'AS_WITNESSED'
  | 'MADE_AGAIN'
  | 'ONLY_DENIES'
  | 'LOST'
  | 'DENY_PENDING';

/** Something that whoever restores should know, beyond the revocations and the listed grants. */
export interface RestoreNote {
  readonly code: RestoreNoteCode;
  readonly kind: Kind;
  /** Of a membership: the member's; of a resource: its key. */
  readonly id: string;
  /** Of a membership alone. */
  readonly groupId?: string;
}

export function takeNotes(histories: Histories, after: Snapshot): RestoreNote[] {
  return [
    ...aboutScopes(histories, after),
    ...aboutResources(histories, after),
    ...aboutGroups(histories, after),
    ...aboutRoles(histories, after),
    ...aboutAssignments(histories, after),
  ];
}

function aboutScopes({ owner, union }: Histories, after: Snapshot): RestoreNote[] {
  const notes: RestoreNote[] = [];
  for (const { id, parentId } of after.facts().scopes) {
    const found = owner.scope(id);
    if (!found) notes.push({ code: 'MADE_AGAIN', kind: 'scope', id });
    else if (found.parentId !== parentId) notes.push({ code: 'MOVED', kind: 'scope', id });
  }
  for (const { id } of owner.facts().scopes) {
    if (union.scope(id) && !after.scope(id)) notes.push({ code: 'LOST', kind: 'scope', id });
  }
  return notes;
}

function aboutResources({ owner, union }: Histories, after: Snapshot): RestoreNote[] {
  const notes: RestoreNote[] = [];
  for (const resource of after.facts().resources) {
    const id = resourceKey(resource);
    const found = owner.resource(resource);
    if (!found) notes.push({ code: 'MADE_AGAIN', kind: 'resource', id });
    else if (found.scopeId !== resource.scopeId)
      notes.push({ code: 'MOVED', kind: 'resource', id });
  }
  for (const resource of owner.facts().resources) {
    if (!union.resource(resource) || after.resource(resource)) continue;
    notes.push({ code: 'LOST', kind: 'resource', id: resourceKey(resource) });
  }
  return notes;
}

function aboutGroups({ owner, union }: Histories, after: Snapshot): RestoreNote[] {
  const notes: RestoreNote[] = [];
  for (const { id } of after.facts().groups) {
    if (!owner.group(id)) notes.push({ code: 'MADE_AGAIN', kind: 'group', id });
    else if (!union.group(id)) notes.push({ code: 'ONLY_DENIES', kind: 'group', id });
  }
  for (const membership of after.facts().memberships) {
    if (hasMembership(owner, membership)) continue;
    const { groupId, memberId: id } = membership;
    notes.push({ code: 'ADDED_AGAIN', kind: 'membership', id, groupId });
  }
  for (const membership of owner.facts().memberships) {
    if (hasMembership(after, membership)) continue;
    const { groupId, memberId: id } = membership;
    if (hasMembership(union, membership)) {
      notes.push({ code: 'LOST', kind: 'membership', id, groupId });
    }
    if ([groupId, ...owner.groupsContaining(groupId)].some((above) => hasDeny(owner, above))) {
      notes.push({ code: 'LEFT_DENY', kind: 'membership', id, groupId });
    }
  }
  return notes;
}

function aboutRoles({ owner, union }: Histories, after: Snapshot): RestoreNote[] {
  const notes: RestoreNote[] = [];
  for (const { id } of after.facts().roles) {
    if (!owner.role(id)) {
      notes.push({ code: 'MADE_AGAIN', kind: 'role', id });
      continue;
    }
    if (!union.role(id)) notes.push({ code: 'ONLY_DENIES', kind: 'role', id });
    const [found, restored] = [rolePermissions(owner, id), rolePermissions(after, id)];
    const uses = after.assignmentsOfRole(id).map(({ effect }) => effect);
    const grantsMore = uses.includes('ALLOW') && !covers(found, restored);
    const deniesLess = uses.includes('DENY') && !covers(restored, found);
    if (grantsMore || deniesLess) notes.push({ code: 'AS_WITNESSED', kind: 'role', id });
  }
  return notes;
}

function hasDeny(snapshot: Snapshot, granteeId: string): boolean {
  return snapshot.assignmentsOf(granteeId).some(({ effect }) => effect === 'DENY');
}

function aboutAssignments({ owner, witness, union }: Histories, after: Snapshot): RestoreNote[] {
  const notes: RestoreNote[] = [];
  for (const found of owner.facts().assignments) {
    const { id, granteeId } = found;
    const isNew = union.assignment(id) && !witness.assignment(id);
    const isLeft = after.assignmentsOf(granteeId).some((other) => isAlike(other, found));
    if (isNew && !isLeft) notes.push({ code: 'LOST', kind: 'assignment', id });
  }
  for (const { id, effect, granteeId, scopeId } of witness.facts().assignments) {
    const hasHolder = after.principal(granteeId) !== undefined || hasGroup(after, granteeId);
    if (effect === 'DENY' && !(hasHolder && !refuseMissingPlace(after, scopeId))) {
      notes.push({ code: 'DENY_PENDING', kind: 'assignment', id });
    }
  }
  return notes;
}
