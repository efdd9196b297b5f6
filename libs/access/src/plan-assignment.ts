import { placeOf, type RoleAssignmentFact, type Snapshot } from '@bastion/policy';
import { authorizeAt, refuseForeignSource } from './authorize.js';
import { endAssignments } from './cascade.js';
import { refuseGrantee } from './grantee.js';
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
import { refuseCondition, refuseValidity, type Terms } from './terms.js';

/** Who gets or is denied which role where. Times in epoch milliseconds. */
export interface AssignRole extends RoleAssignmentFact {
  /** The scope that a resource is said to be registered under; left out: whichever it is. */
  readonly underScopeId?: string | undefined;
}

/** What is left out stays as it is. */
export interface ChangeAssignment extends Partial<Terms> {
  readonly assignmentId: string;
}

export interface UnassignRole {
  readonly assignmentId: string;
}

export interface UnassignRoles {
  readonly assignmentIds: readonly string[];
}

/**
 * Refused with FORBIDDEN, NOT_FOUND (scope, resource, role, grantee), MANAGED_BY_CONNECTION,
 * PRINCIPAL_ENDED, ROLE_NOT_ASSIGNABLE_HERE, INVALID_VALIDITY, INVALID_CONDITION, ESCALATION,
 * LAST_ADMIN for a deny; ALREADY_EXISTS with the id of the assignment that agrees in grantee, role,
 * scope, reach, effect and source, whatever its validity and its condition.
 */
export function planAssignRole(context: WriteContext, assignment: AssignRole): Plan {
  const { before, time } = context;
  const { id, granteeKind, granteeId, roleId, scopeId, source } = assignment;
  const { resource } = placeOf(scopeId);
  const place = resource ? before.resource(resource) : before.scope(scopeId);
  if (!place) return notFound(resource ? 'resource' : 'scope');
  const refused =
    authorizeAt(context, 'assignment:write', scopeId) ??
    refuseElsewhere(before, assignment) ??
    refuseForeignSource(context, source) ??
    refuseGrantee(before, granteeKind, granteeId) ??
    refuseRole(before, roleId, place.type) ??
    refuseValidity(assignment, time) ??
    refuseCondition(assignment);
  if (refused) return refused;
  const existing =
    before.assignment(id) ?? before.assignmentsOf(granteeId).find(equals(assignment));
  if (existing) return alreadyExists('assignment', existing.id);
  return settle(context, [{ type: 'role-assigned', assignment: copyOf(assignment) }]);
}

/**
 * Lets it count at other times or under another condition; who has which role where stays. Refused
 * with FORBIDDEN, NOT_FOUND, MANAGED_BY_CONNECTION, INVALID_VALIDITY, INVALID_CONDITION; ESCALATION
 * for a grant that counts when it did not and for a deny that no longer does, LAST_ADMIN.
 */
export function planChangeAssignment(
  context: WriteContext,
  { assignmentId, ...changes }: ChangeAssignment,
): Plan {
  const { before, time } = context;
  const found = living(before, assignmentId);
  if (!found) return notFound('assignment');
  const { validFrom = found.validFrom, validUntil = found.validUntil } = changes;
  const { condition = found.condition } = changes;
  const assignment = { ...found, validFrom, validUntil, condition };
  const staysAsLong = validFrom === found.validFrom && validUntil === found.validUntil;
  const refused =
    refuseChange(context, found) ??
    (staysAsLong ? undefined : refuseValidity(assignment, time)) ??
    refuseCondition(assignment);
  if (refused) return refused;
  if (staysAsLong && condition === found.condition) return settle(context, []);
  // INVARIANT: one event that takes the place of what was. Between an end and a new beginning, a
  // deny would be gone.
  return settle(context, [{ type: 'role-assigned', assignment }]);
}

/** As {@link planUnassignRoles}, for one. */
export function planUnassignRole(context: WriteContext, { assignmentId }: UnassignRole): Plan {
  return planUnassignRoles(context, { assignmentIds: [assignmentId] });
}

/**
 * All of them or none; duplicates count once. Asked for at the scope of each. Refused with FORBIDDEN,
 * INVALID_INPUT, NOT_FOUND, MANAGED_BY_CONNECTION, LAST_ADMIN; ESCALATION for a deny of what the
 * actor lacks.
 */
export function planUnassignRoles(context: WriteContext, { assignmentIds }: UnassignRoles): Plan {
  const refused = refuseSize('assignmentIds', assignmentIds, LIMITS.assignmentsPerCall);
  if (refused) return refused;
  const assignments: RoleAssignmentFact[] = [];
  for (const id of new Set(assignmentIds)) {
    const assignment = living(context.before, id);
    if (!assignment) return notFound('assignment');
    const refusedOne = refuseChange(context, assignment);
    if (refusedOne) return refusedOne;
    assignments.push(assignment);
  }
  return settle(context, endAssignments(assignments));
}

/** One of a role that has been retired is gone for everybody, though its end may still be to come. */
function living(before: Snapshot, id: string): RoleAssignmentFact | undefined {
  const assignment = before.assignment(id);
  return assignment && before.role(assignment.roleId) && assignment;
}

function refuseChange(
  context: WriteContext,
  { scopeId, source }: RoleAssignmentFact,
): Rejected | undefined {
  return authorizeAt(context, 'assignment:write', scopeId) ?? refuseForeignSource(context, source);
}

function refuseElsewhere(
  before: Snapshot,
  { scopeId, underScopeId }: AssignRole,
): Rejected | undefined {
  const { resource } = placeOf(scopeId);
  if (!resource || underScopeId === undefined) return undefined;
  return before.resource(resource)?.scopeId === underScopeId ? undefined : notFound('resource');
}

function refuseRole(before: Snapshot, roleId: string, scopeType: string): Rejected | undefined {
  const role = before.role(roleId);
  if (!role) return notFound('role');
  if (role.assignableOn.length === 0 || role.assignableOn.includes(scopeType)) return undefined;
  return reject('ROLE_NOT_ASSIGNABLE_HERE', `The role is not for what is of type ${scopeType}.`, {
    scopeType,
  });
}

/** Whether another assignment is the same one but for its id, validity and condition. */
function equals(assignment: AssignRole): (other: RoleAssignmentFact) => boolean {
  return (other) =>
    other.granteeId === assignment.granteeId &&
    other.roleId === assignment.roleId &&
    other.scopeId === assignment.scopeId &&
    other.reach === assignment.reach &&
    other.effect === assignment.effect &&
    other.source === assignment.source;
}

/** The fact alone, whatever else the caller's object carries. */
function copyOf(assignment: AssignRole): RoleAssignmentFact {
  const { id, granteeKind, granteeId, roleId, scopeId, reach, effect, source } = assignment;
  const { validFrom, validUntil, condition } = assignment;
  return {
    id,
    granteeKind,
    granteeId,
    roleId,
    scopeId,
    reach,
    effect,
    source,
    validFrom,
    validUntil,
    condition,
  };
}
