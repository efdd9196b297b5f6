import { askedPermissions } from '../asked-permissions.js';
import type { DecisionRequest } from '../decision.js';
import type { Reach, RoleFact, ScopeFact } from '../facts.js';
import { isWildcard } from '../permission.js';
import { rolePermissions } from '../role-permissions.js';
import type { Snapshot } from '../snapshot.js';
import type { NearMiss, Remedy } from './explanation.js';
import { allowedGrantees } from './list-principals.js';
import { scopeChain } from './scope-chain.js';

/**
 * What might let the principal through once no deny stands in the way, each kind by itself and the
 * smallest first. Where an ALLOW does already, nothing more is needed.
 */
export function grantsOfEachKind(
  snapshot: Snapshot,
  request: DecisionRequest,
  almost: readonly NearMiss[],
): Remedy[][] {
  if (almost.some(({ reason }) => reason === 'DENIED_BY')) return [[[]]];
  return [
    conditions(almost),
    extensions(request, almost),
    openings(almost),
    groupsToJoin(snapshot, request),
    rolesToAssign(snapshot, request),
  ];
}

function conditions(almost: readonly NearMiss[]): Remedy[] {
  return almost
    .filter(({ reason }) => reason === 'CONDITION_FALSE')
    .map(({ path }) => [{ kind: 'LIFT_CONDITION', assignmentId: path.assignment.id }]);
}

function extensions({ time }: DecisionRequest, almost: readonly NearMiss[]): Remedy[] {
  return almost
    .filter(({ reason }) => reason === 'NOT_YET_VALID' || reason === 'EXPIRED')
    .map(({ path }) => path.assignment)
    .map(({ id, validFrom, validUntil }) => [
      {
        kind: 'EXTEND',
        assignmentId: id,
        validFrom: validFrom === null ? null : Math.min(validFrom, time.earliest),
        validUntil: validUntil === null ? null : Math.max(validUntil, time.latest + 1),
      },
    ]);
}

/** Whatever opens the way for one further up opens it for the nearest too. */
function openings(almost: readonly NearMiss[]): Remedy[] {
  const [nearest] = almost
    .filter(({ reason }) => reason === 'INHERITANCE_CUT')
    .map(({ path }) => path.cuts)
    .sort((a, b) => a.length - b.length);
  return nearest === undefined ? [] : [nearest.map((scopeId) => ({ kind: 'INHERIT', scopeId }))];
}

function groupsToJoin(snapshot: Snapshot, request: DecisionRequest): Remedy[] {
  const { principalId } = request;
  return [...allowedGrantees(snapshot, request)]
    .filter((id) => snapshot.group(id) !== undefined)
    .map((groupId) => ({ id: groupId, size: [snapshot.assignmentsOf(groupId).length] }))
    .sort(bySizeAndId)
    .map(({ id }) => [{ kind: 'JOIN_GROUP', groupId: id, principalId }]);
}

function rolesToAssign(snapshot: Snapshot, request: DecisionRequest): Remedy[] {
  const { principalId, permission } = request;
  const asked = askedPermissions(permission);
  const [{ id: scopeId, type }, reach] = nearestAssignable(snapshot, request);
  return [...snapshot.roles()]
    .filter((role) => isAssignableOn(role, type))
    .filter(({ id }) => asked.containedIn(rolePermissions(snapshot, id)))
    .map(({ id }) => ({ id, size: breadthOf(rolePermissions(snapshot, id)) }))
    .sort(bySizeAndId)
    .map(({ id }) => [{ kind: 'ASSIGN_ROLE', roleId: id, scopeId, principalId, reach }]);
}

/** On a resource that is not registered nothing is assigned, so its scope is the nearest. */
function nearestAssignable(snapshot: Snapshot, request: DecisionRequest): [ScopeFact, Reach] {
  const { resource } = request;
  const [place, above] = scopeChain(snapshot, request)!;
  return resource === undefined || snapshot.resource(resource)
    ? [place!, 'SELF']
    : [above!, 'SUBTREE'];
}

function isAssignableOn({ assignableOn }: RoleFact, scopeType: string): boolean {
  return assignableOn.length === 0 || assignableOn.includes(scopeType);
}

/** Any wildcard is broader than all that is without. */
function breadthOf(permissions: ReadonlySet<string>): number[] {
  const wildcards = [...permissions].filter(isWildcard);
  return [permissions.has('*') ? 1 : 0, wildcards.length, permissions.size];
}

interface Sized {
  readonly id: string;
  /** Compared from the first number on. */
  readonly size: readonly number[];
}

function bySizeAndId(a: Sized, b: Sized): number {
  const differing = a.size.findIndex((part, i) => part !== b.size[i]);
  if (differing !== -1) return a.size[differing]! - b.size[differing]!;
  return a.id < b.id ? -1 : 1;
}
