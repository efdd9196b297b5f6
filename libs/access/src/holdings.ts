import {
  applyEvents,
  assignmentReaches,
  decide,
  permissionCovers,
  placeOf,
  rolePermissions,
  type AccessEvent,
  type Place,
  type RoleAssignmentFact,
  type Snapshot,
  type TimeInterval,
} from '@bastion/policy';
import { refuseMissingPlace } from './authorize.js';
import { isAlikeToAll } from './grantee.js';
import type { Exposure, Spread } from './exposure.js';
import { cutsBelow, liesWithin } from './scope-tree.js';
import { countsDuring, meet, spans, type Window } from './validity-window.js';

/** What one principal holds before a write, directly and through groups, whatever the circumstances. */
export interface Holdings {
  /** Without its grants under a condition; denies count as if they had none. */
  readonly snapshot: Snapshot;
  readonly principalId: string;
  readonly time: TimeInterval;
  readonly assignments: readonly RoleAssignmentFact[];
  /**
   * Whether the principal, being ACTIVE, has whatever a user has by Everyone alone, where and when such a
   * user has it: under a condition too, though that is not among the assignments here.
   */
  readonly hasAllOfEveryone: boolean;
}

export function holdingsOf(snapshot: Snapshot, principalId: string, time: TimeInterval): Holdings {
  const granteeIds = [principalId, ...snapshot.groupsContaining(principalId)];
  const held = (of: Snapshot): RoleAssignmentFact[] =>
    granteeIds.flatMap((id) => of.assignmentsOf(id));
  const all = held(snapshot);
  const conditional = all.filter(({ condition }) => condition !== null);
  const always =
    conditional.length === 0 ? snapshot : applyEvents(snapshot, conditional.map(worst));
  const hasAllOfEveryone =
    snapshot.principalKind(principalId) === 'USER' &&
    all.every((assignment) => assignment.effect === 'ALLOW' || isAlikeToAll(assignment));
  return { snapshot: always, principalId, time, assignments: held(always), hasAllOfEveryone };
}

/** INVARIANT: what holds now and then is not held, and what denies now and then denies. */
function worst(assignment: RoleAssignmentFact): AccessEvent {
  return assignment.effect === 'ALLOW'
    ? { type: 'role-unassigned', assignmentId: assignment.id }
    : { type: 'role-assigned', assignment: { ...assignment, condition: null } };
}

/** Whether the principal plainly holds `assignment:any` everywhere, as an administrator does. */
export function mayGiveAnything(holdings: Holdings): boolean {
  const root = holdings.snapshot.rootScope();
  const now = present(holdings);
  return root !== undefined && coversFrom(holdings, ['assignment:any'], now, root.id, 'DEEP');
}

/**
 * A permission and a scope that the exposure concerns and where the principal neither holds that
 * permission all the while nor holds `assignment:any` now; undefined: there is none.
 *
 * The walk stops where one grant plainly covers the rest: what someone gives on the scope that
 * they manage costs the same however much lies below.
 */
export function firstShortfall(
  holdings: Holdings,
  { permissions, scopeId: top, spread, tree, during }: Exposure,
): { readonly permission: string; readonly scopeId: string } | undefined {
  const now = present(holdings);
  const open = [top];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const scopeId = next;
    // What the write itself makes holds nothing that anyone could lack.
    if (refuseMissingPlace(holdings.snapshot, scopeId)) continue;
    const covers = (asFarAs: Spread): boolean =>
      coversFrom(holdings, ['assignment:any'], now, scopeId, asFarAs) ||
      coversFrom(holdings, permissions, during, scopeId, asFarAs);
    if (covers(spread)) continue;
    if (covers('INHERITING')) {
      for (const cut of cutsBelow(tree, scopeId)) open.push(cut);
      continue;
    }
    // Below a scope lie the resources that nobody has registered, too.
    const places = [placeOf(scopeId)];
    if (spread !== 'SPOT') places.push({ scopeId, resource: ANY_RESOURCE });
    for (const place of places) {
      if (holds(holdings, 'assignment:any', place, now)) continue;
      const lacking = permissions.find((wanted) => !holds(holdings, wanted, place, during));
      if (lacking !== undefined) return { permission: lacking, scopeId };
    }
    if (spread === 'SPOT') continue;
    open.push(...resourcesApartIn(holdings, tree, scopeId));
    for (const child of tree.childrenOf(scopeId)) {
      if (spread === 'DEEP' || child.inheritsAccess) open.push(child.id);
    }
  }
  return undefined;
}

/** One that is registered nowhere. */
const ANY_RESOURCE = { type: '*', id: '' };

/** The resources in a scope, by key, where the principal may have less than on any other there. */
function resourcesApartIn(
  { assignments }: Holdings,
  tree: Snapshot,
  scopeId: string,
): readonly string[] {
  return assignments
    .filter(({ effect }) => effect === 'DENY')
    .map((deny) => deny.scopeId)
    .filter((key) => {
      const { resource } = placeOf(key);
      return resource && tree.resource(resource)?.scopeId === scopeId;
    });
}

function present({ time }: Holdings): Window {
  return { from: time.earliest, until: time.earliest + 1 };
}

/** Whether the principal is allowed all that a permission covers, in a place, all the while. */
function holds(holdings: Holdings, permission: string, place: Place, during: Window): boolean {
  const { snapshot, principalId, time } = holdings;
  // The answer changes only when something it holds begins or ceases to count.
  const instants = new Set([during.from]);
  for (const assignment of holdings.assignments) {
    const window = countsDuring(assignment, time);
    if (!window) continue;
    for (const instant of [window.from, window.until]) {
      if (instant > during.from && instant < during.until) instants.add(instant);
    }
  }
  const uncertainty = time.latest - time.earliest;
  return [...instants].every((earliest) => {
    const at = { earliest, latest: earliest + uncertainty };
    return decide(snapshot, { principalId, permission, ...place, time: at }).effect === 'ALLOW';
  });
}

/**
 * Whether it is plain from the principal's assignments alone that it holds each permission in a
 * scope and as far below as the spread goes: a single grant gives it, and no deny is near. A no
 * means only that it takes a closer look.
 */
function coversFrom(
  { snapshot, assignments, time }: Holdings,
  permissions: readonly string[],
  during: Window,
  scopeId: string,
  spread: Spread,
): boolean {
  const permissionsOf = ({ roleId }: RoleAssignmentFact): readonly string[] => [
    ...rolePermissions(snapshot, roleId),
  ];
  const grants = assignments.filter(
    (assignment) =>
      assignment.effect === 'ALLOW' &&
      assignment.reach === 'SUBTREE' &&
      (spread !== 'DEEP' || snapshot.role(assignment.roleId)?.piercing === true) &&
      spans(countsDuring(assignment, time), during) &&
      assignmentReaches(snapshot, assignment, placeOf(scopeId)) === 'REACHES',
  );
  if (grants.length === 0) return false;
  const denies = assignments.filter(
    (assignment) =>
      assignment.effect === 'DENY' &&
      meet(countsDuring(assignment, time), during) &&
      (assignmentReaches(snapshot, assignment, placeOf(scopeId)) === 'REACHES' ||
        liesWithin(snapshot, assignment.scopeId, scopeId)),
  );
  return permissions.every(
    (permission) =>
      grants.some((grant) =>
        permissionsOf(grant).some((held) => permissionCovers(held, permission)),
      ) &&
      !denies.some((deny) => permissionsOf(deny).some((denied) => overlap(denied, permission))),
  );
}

/** Whether some permission is covered by both. */
function overlap(a: string, b: string): boolean {
  return permissionCovers(a, b) || permissionCovers(b, a);
}
