import type { AccessEvent, RoleAssignmentFact, Snapshot } from '@bastion/policy';
import { endAssignments, endMemberships } from './cascade.js';
import { isAlike } from './restore-assignments.js';
import { includedFirst } from './restore-roles.js';
import { topDown } from './restore-scopes.js';
import { hasMembership, isSameAssignment } from './restore-union.js';

/**
 * The events that make the owner what it shall be. None leaves a cycle or anything that hangs on
 * what is gone, not even between two of them.
 *
 * What takes away goes first, then the denies come back, then what both takes and gives; last go the
 * ended things, each deny with what it hangs on. Yet they belong in one revision: of two memberships
 * that end, the first may lift the deny of what the second still gives.
 */
export function eventsTowards(target: Snapshot, owner: Snapshot): AccessEvent[] {
  const found = owner.facts();
  const wanted = target.facts();
  const gone = found.assignments.filter(
    (assignment) => !staysInPlace(assignment, target.assignment(assignment.id)),
  );
  const incoming = wanted.assignments.filter(
    (assignment) => !isSameAssignment(assignment, owner.assignment(assignment.id)),
  );
  const goesFirst = (assignment: RoleAssignmentFact): boolean =>
    assignment.effect === 'ALLOW' || incoming.some((other) => takesThePlaceOf(other, assignment));
  return [
    ...statusEvents(target, owner),
    ...endAssignments(gone.filter(goesFirst)),
    ...cutEvents(target, owner),
    ...creations(target, owner),
    ...incoming.map((assignment): AccessEvent => ({ type: 'role-assigned', assignment })),
    ...roleChanges(target, owner),
    ...endMemberships(found.memberships.filter((held) => !hasMembership(target, held))),
    ...wanted.memberships
      .filter((membership) => !hasMembership(owner, membership))
      .map((membership): AccessEvent => ({ type: 'member-added', membership })),
    ...moves(target, owner),
    ...endAssignments(gone.filter((assignment) => !goesFirst(assignment))),
    ...deletions(target, owner),
  ];
}

/** INVARIANT: what goes on under the same id is replaced in one step, or a deny would end in between. */
function staysInPlace(found: RoleAssignmentFact, wanted: RoleAssignmentFact | undefined): boolean {
  return wanted?.id === found.id && isAlike(wanted, found);
}

function takesThePlaceOf(incoming: RoleAssignmentFact, found: RoleAssignmentFact): boolean {
  return incoming.id === found.id || isAlike(incoming, found);
}

function statusEvents(target: Snapshot, owner: Snapshot): AccessEvent[] {
  const events: AccessEvent[] = [];
  const { tenant } = target;
  if (tenant.status !== owner.tenant.status) events.push({ type: 'tenant-suspended', tenant });
  if (tenant.maxStaleMs !== owner.tenant.maxStaleMs) {
    events.push({ type: 'tenant-stale-mode-changed', tenant });
  }
  for (const principal of target.facts().principals) {
    if (principal.status === owner.principal(principal.id)?.status) continue;
    events.push({ type: 'principal-status-changed', principal });
  }
  return events;
}

function cutEvents(target: Snapshot, owner: Snapshot): AccessEvent[] {
  return owner
    .facts()
    .scopes.filter(
      (scope) => scope.inheritsAccess && target.scope(scope.id)?.inheritsAccess === false,
    )
    .map((scope) => ({
      type: 'scope-inheritance-changed',
      scope: { ...scope, inheritsAccess: false },
    }));
}

function creations(target: Snapshot, owner: Snapshot): AccessEvent[] {
  const { roles, scopes, resources, groups } = target.facts();
  return [
    ...roles
      .filter(({ id }) => !owner.role(id))
      .map((role): AccessEvent => ({ type: 'role-created', role })),
    ...topDown(target, scopes)
      .filter(({ id }) => !owner.scope(id))
      .map((scope): AccessEvent => ({ type: 'scope-created', scope })),
    ...groups
      .filter(({ id }) => !owner.group(id))
      .map((group): AccessEvent => ({ type: 'group-created', group })),
    ...resources
      .filter((resource) => !owner.resource(resource))
      .map((resource): AccessEvent => ({ type: 'resource-registered', resource })),
  ];
}

function roleChanges(target: Snapshot, owner: Snapshot): AccessEvent[] {
  return target.facts().roles.flatMap((role): AccessEvent[] => {
    const found = owner.role(role.id);
    const isChanged = found && JSON.stringify({ ...found, ...role }) !== JSON.stringify(found);
    return isChanged ? [{ type: 'role-changed', role }] : [];
  });
}

/**
 * INVARIANT: from the top down, so that a scope moves under one that is in its final place already:
 * two that change places never lie within each other meanwhile.
 */
function moves(target: Snapshot, owner: Snapshot): AccessEvent[] {
  const { scopes, resources } = target.facts();
  return [
    ...topDown(target, scopes)
      .filter(({ id, parentId }) => owner.scope(id) && owner.scope(id)?.parentId !== parentId)
      .map((scope): AccessEvent => ({ type: 'scope-moved', scope })),
    ...resources
      .filter((one) => owner.resource(one) && owner.resource(one)?.scopeId !== one.scopeId)
      .map((resource): AccessEvent => ({ type: 'resource-moved', resource })),
  ];
}

function deletions(target: Snapshot, owner: Snapshot): AccessEvent[] {
  const { scopes, resources, groups, roles } = owner.facts();
  return [
    ...resources
      .filter((resource) => !target.resource(resource))
      .map(({ type, id }): AccessEvent => ({
        type: 'resource-unregistered',
        resource: { type, id },
      })),
    ...topDown(owner, scopes)
      .reverse()
      .filter(({ id }) => !target.scope(id))
      .map(({ id }): AccessEvent => ({ type: 'scope-deleted', scopeId: id })),
    ...groups
      .filter(({ id }) => !target.group(id))
      .map(({ id }): AccessEvent => ({ type: 'group-deleted', groupId: id })),
    ...includedFirst(owner, roles)
      .reverse()
      .filter(({ id }) => !target.role(id))
      .map(({ id }): AccessEvent => ({ type: 'role-retired', roleId: id })),
  ];
}
