import {
  EVERYONE,
  permissionCovers,
  rolePermissions,
  type AccessEvent,
  type PrincipalFact,
  type RoleAssignmentFact,
  type Snapshot,
  type TimeInterval,
} from '@bastion/policy';
import { reject, type Rejected, type WriteContext } from './plan.js';

/**
 * Refuses a write after which nobody administers the tenant any more. A tenant that has lost its
 * administrators already (see below) takes writes as before: they may be how it gets new ones.
 *
 * An identity connection that takes someone's access away is never refused: the provider has the
 * last word on who works there, and recovery is the operator's.
 */
export function refuseLastAdmin(
  { before, time, connection }: WriteContext,
  after: Snapshot,
  events: readonly AccessEvent[],
): Rejected | undefined {
  if (!events.some((event) => mayUnseat(before, event))) return undefined;
  if (connection !== undefined && events.some(isStatusChange)) return undefined;
  if (hasAdministrator(after, time) || !hasAdministrator(before, time)) return undefined;
  return reject('LAST_ADMIN', 'This would leave the tenant without an administrator.');
}

/**
 * Whether somebody can undo whatever has been done in the tenant, from now on and for ever: an
 * ACTIVE user who holds, directly or through groups,
 * - a grant on the root scope, with reach SUBTREE, valid now and without end, without a condition,
 *   of a piercing role
 *   that contains `*` (tenant-admin, or a role of the tenant's own that equals it), and
 * - no deny, now or to come, under a condition or not, of anything on the root scope, nor of `assignment:write` or
 *   `assignment:any` in any scope.
 *
 * A deny of something else further down does not count against it: such a user can lift it.
 */
export function hasAdministrator(snapshot: Snapshot, time: TimeInterval): boolean {
  for (const role of snapshot.roles()) {
    if (!role.piercing || !rolePermissions(snapshot, role.id).has('*')) continue;
    for (const assignment of snapshot.assignmentsOfRole(role.id)) {
      if (!isEndlessOnRoot(snapshot, assignment, time)) continue;
      for (const user of principalsIn(snapshot, assignment.granteeId)) {
        if (user.kind !== 'USER' || user.status !== 'ACTIVE') continue;
        if (!isHandicapped(snapshot, user.id, time)) return true;
      }
    }
  }
  return false;
}

function isEndlessOnRoot(
  snapshot: Snapshot,
  { effect, reach, scopeId, validFrom, validUntil, condition }: RoleAssignmentFact,
  time: TimeInterval,
): boolean {
  return (
    effect === 'ALLOW' &&
    reach === 'SUBTREE' &&
    scopeId === snapshot.rootScope()?.id &&
    validUntil === null &&
    condition === null &&
    (validFrom === null || validFrom <= time.earliest)
  );
}

function isHandicapped(snapshot: Snapshot, principalId: string, time: TimeInterval): boolean {
  const rootId = snapshot.rootScope()?.id;
  return [principalId, ...snapshot.groupsContaining(principalId)]
    .flatMap((id) => snapshot.assignmentsOf(id))
    .some(({ effect, scopeId, roleId, validUntil }) => {
      if (effect !== 'DENY' || (validUntil !== null && validUntil <= time.earliest)) return false;
      const denied = [...rolePermissions(snapshot, roleId)];
      return scopeId === rootId
        ? denied.length > 0
        : denied.some(
            (pattern) =>
              permissionCovers(pattern, 'assignment:write') ||
              permissionCovers(pattern, 'assignment:any'),
          );
    });
}

/** A principal itself, or whoever is in a group through any nesting; for Everyone all principals. */
function* principalsIn(snapshot: Snapshot, granteeId: string): Iterable<PrincipalFact> {
  if (granteeId === EVERYONE) yield* snapshot.principals();
  const seen = new Set([granteeId]);
  for (const id of seen) {
    const principal = snapshot.principal(id);
    if (principal) yield principal;
    for (const { memberId } of snapshot.membersOf(id)) seen.add(memberId);
  }
}

/** Whether an event of this kind can cost anyone the administration. */
function mayUnseat(before: Snapshot, event: AccessEvent): boolean {
  switch (event.type) {
    case 'principal-status-changed':
    case 'role-unassigned':
    case 'role-created':
    case 'role-changed':
    case 'role-retired':
    case 'member-added':
    case 'member-removed':
    case 'group-deleted':
      return true;
    case 'role-assigned':
      return (
        event.assignment.effect === 'DENY' || before.assignment(event.assignment.id) !== undefined
      );
    case 'tenant-created':
    case 'tenant-suspended':
    case 'tenant-resumed':
    case 'tenant-stale-mode-changed':
    case 'tenant-deleted':
    case 'principal-created':
    case 'group-created':
    case 'scope-created':
    case 'scope-moved':
    case 'scope-inheritance-changed':
    case 'scope-deleted':
    case 'resource-registered':
    case 'resource-moved':
    case 'resource-unregistered':
      return false;
  }
}

function isStatusChange({ type }: AccessEvent): boolean {
  return type === 'principal-status-changed';
}
