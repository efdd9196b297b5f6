import {
  resourceKey,
  type AccessEvent,
  type Effect,
  type RoleAssignmentFact,
  type Snapshot,
} from '@bastion/policy';
import { rolesContaining } from './role-graph.js';
import { ancestorsOf } from './scope-tree.js';

/**
 * One way by which a decision comes about: a holder (a principal or a group), an assignment that is
 * given to it or to a group that contains it, and a scope that the assignment may reach.
 */
export interface Path {
  readonly holderId: string;
  readonly assignment: RoleAssignmentFact;
  /** Or the `resourceKey` of a resource, as in an assignment. */
  readonly scopeId: string;
}

/**
 * The paths of one effect, as they are in a snapshot from before or after the event, that the event
 * may have made or broken. Members further down and scopes further down share the fate of the
 * member and the scope that the event is about, so they get no paths of their own.
 */
export function* pathsThrough(
  event: AccessEvent,
  snapshot: Snapshot,
  effect: Effect,
): Iterable<Path> {
  for (const path of allPathsThrough(event, snapshot)) {
    if (path.assignment.effect === effect) yield path;
  }
}

/**
 * The grants of someone who was not ACTIVE before the event and is afterwards: those of Everyone too,
 * which are all that a new user has.
 */
export function* pathsWokenBy(
  event: AccessEvent,
  before: Snapshot,
  after: Snapshot,
): Iterable<Path> {
  if (event.type !== 'principal-status-changed' && event.type !== 'principal-created') return;
  const { id, status } = event.principal;
  if (status !== 'ACTIVE') return;
  if (before.principal(id)?.status === 'ACTIVE') return;
  for (const path of pathsHeldThrough(after, id, id)) {
    if (path.assignment.effect === 'ALLOW') yield path;
  }
}

function allPathsThrough(event: AccessEvent, snapshot: Snapshot): Iterable<Path> {
  switch (event.type) {
    case 'role-assigned':
      return pathOfAssignment(snapshot, event.assignment.id);
    case 'role-unassigned':
      return pathOfAssignment(snapshot, event.assignmentId);
    case 'member-added':
    case 'member-removed':
      return pathsHeldThrough(snapshot, event.membership.memberId, event.membership.groupId);
    case 'scope-moved':
    case 'scope-inheritance-changed':
      return pathsFromAbove(snapshot, event.scope.id);
    case 'resource-moved':
      return pathsFromAbove(snapshot, resourceKey(event.resource));
    case 'role-created':
    case 'role-changed':
      return pathsByRole(snapshot, event.role.id);
    case 'role-retired':
      return pathsByRole(snapshot, event.roleId);
    case 'tenant-created':
    case 'tenant-suspended':
    case 'tenant-resumed':
    case 'tenant-stale-mode-changed':
    case 'tenant-deleted':
    case 'principal-created':
    case 'principal-status-changed':
    case 'group-created':
    case 'group-deleted':
    case 'scope-created':
    case 'scope-deleted':
    case 'resource-registered':
    case 'resource-unregistered':
      // What is new has nothing yet, and what hung on the deleted went by events of its own. A resource
      // is reached from its scope whether it is registered there or not.
      return [];
  }
}

/** A role may be gone before its assignments are, and come back to some that are left. */
function pathsByRole(snapshot: Snapshot, roleId: string): Path[] {
  return [...rolesContaining(snapshot, roleId)]
    .flatMap((id) => snapshot.assignmentsOfRole(id))
    .map(pathOf);
}

/** As the assignment is in the snapshot: an event may put another one in its place. */
function pathOfAssignment(snapshot: Snapshot, id: string): Path[] {
  const assignment = snapshot.assignment(id);
  return assignment ? [pathOf(assignment)] : [];
}

function pathOf(assignment: RoleAssignmentFact): Path {
  return { holderId: assignment.granteeId, assignment, scopeId: assignment.scopeId };
}

/** A holder's paths by way of a grantee (itself or a group) and of all groups that contain that. */
function* pathsHeldThrough(
  snapshot: Snapshot,
  holderId: string,
  granteeId: string,
): Iterable<Path> {
  for (const id of [granteeId, ...snapshot.groupsContaining(granteeId)]) {
    for (const assignment of snapshot.assignmentsOf(id)) {
      yield { holderId, assignment, scopeId: assignment.scopeId };
    }
  }
}

/** The paths into a scope or a resource from those above it: all that its place and its inheritance decide. */
function* pathsFromAbove(snapshot: Snapshot, scopeId: string): Iterable<Path> {
  for (const { id } of ancestorsOf(snapshot, scopeId)) {
    for (const assignment of snapshot.assignmentsOn(id)) {
      yield { holderId: assignment.granteeId, assignment, scopeId };
    }
  }
}
