import {
  flawOfCondition,
  placeOf,
  type RoleAssignmentFact,
  type Snapshot,
  type TimeInterval,
} from '@bastion/policy';
import { authorizeAt, refuseForeignSource } from './authorize.js';
import { refuseGrantee } from './grantee.js';
import {
  alreadyExists,
  notFound,
  reject,
  type Plan,
  type Rejected,
  type WriteContext,
} from './plan.js';
import { settle } from './settle.js';

/** Who gets or is denied which role where. Times in epoch milliseconds. */
export interface AssignRole extends RoleAssignmentFact {
  /** The scope that a resource is said to be registered under; left out: whichever it is. */
  readonly underScopeId?: string | undefined;
}

export interface UnassignRole {
  readonly assignmentId: string;
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
 * Asked for at the assignment's scope. Refused with FORBIDDEN, NOT_FOUND, MANAGED_BY_CONNECTION,
 * LAST_ADMIN; ESCALATION for a deny of what the actor lacks.
 */
export function planUnassignRole(context: WriteContext, { assignmentId }: UnassignRole): Plan {
  const assignment = context.before.assignment(assignmentId);
  if (!assignment) return notFound('assignment');
  const refused =
    authorizeAt(context, 'assignment:write', assignment.scopeId) ??
    refuseForeignSource(context, assignment.source);
  return refused ?? settle(context, [{ type: 'role-unassigned', assignmentId }]);
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

function refuseValidity(
  { validFrom, validUntil }: AssignRole,
  time: TimeInterval,
): Rejected | undefined {
  const invalid = (message: string): Rejected => reject('INVALID_VALIDITY', message);
  for (const instant of [validFrom, validUntil]) {
    if (instant !== null && !Number.isSafeInteger(instant)) {
      return invalid('validFrom and validUntil are whole milliseconds since 1970.');
    }
  }
  if (validUntil === null) return undefined;
  if (validFrom !== null && validUntil <= validFrom) {
    return invalid('validUntil is not after validFrom.');
  }
  return validUntil <= time.latest ? invalid('validUntil is past already.') : undefined;
}

function refuseCondition({ condition }: AssignRole): Rejected | undefined {
  const flaw = condition === null ? undefined : flawOfCondition(condition);
  if (flaw === undefined) return undefined;
  const { problem, offset } = flaw;
  return reject('INVALID_CONDITION', `The condition is not valid: ${flaw.message}.`, {
    problem,
    offset,
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
