import { isPermission, type AccessEvent, type RoleFact, type Snapshot } from '@bastion/policy';
import { authorizeAtRoot } from './authorize.js';
import { endAssignments } from './cascade.js';
import { LIMITS, refuseSize } from './limits.js';
import {
  alreadyExists,
  notFound,
  reject,
  type Plan,
  type Rejected,
  type WriteContext,
} from './plan.js';
import { directIncluders, rolesContaining } from './role-graph.js';
import { typeOfPlace } from './scope-tree.js';
import { settle } from './settle.js';

/** A new role of the tenant's own; duplicates in its lists count once. */
export type CreateRole = RoleFact;

/** What is left out stays as it is. */
export interface ChangeRole extends Partial<Omit<RoleFact, 'id'>> {
  readonly roleId: string;
  /** Whether it is one of the tenant's copies of the built-in roles; no fact says so. */
  readonly builtIn: boolean;
}

export interface RetireRole {
  readonly roleId: string;
  /** As in {@link ChangeRole}. */
  readonly builtIn: boolean;
  /** How many assignments may end in the same revision: with more, none does. */
  readonly mostAtOnce?: number;
}

export interface EndRetiredAssignments {
  readonly roleId: string;
  /** How many of them. */
  readonly most?: number;
}

/**
 * Refused with FORBIDDEN, ALREADY_EXISTS, INVALID_INPUT, INVALID_PERMISSION, NOT_FOUND for an
 * included role, ROLE_CYCLE.
 */
export function planCreateRole(context: WriteContext, input: CreateRole): Plan {
  const refused = authorizeAtRoot(context, 'role:write');
  if (refused) return refused;
  if (context.before.role(input.id)) return alreadyExists('role', input.id);
  return planWrite(context, 'role-created', input);
}

/**
 * Changes what everyone has who was assigned the role. Refused as {@link planCreateRole}, and with
 * BUILT_IN_ROLE, ROLE_NOT_ASSIGNABLE_HERE while it is assigned where it shall no longer be,
 * ESCALATION (also for a deny that shrinks), LAST_ADMIN.
 */
export function planChangeRole(context: WriteContext, input: ChangeRole): Plan {
  const { roleId, builtIn, ...changes } = input;
  const refused = authorizeAtRoot(context, 'role:write');
  if (refused) return refused;
  const role = context.before.role(roleId);
  if (!role) return notFound('role');
  if (builtIn) return builtInRole();
  const changed: RoleFact = {
    id: roleId,
    permissions: changes.permissions ?? role.permissions,
    includes: changes.includes ?? role.includes,
    assignableOn: changes.assignableOn ?? role.assignableOn,
    privileged: changes.privileged ?? role.privileged,
    piercing: changes.piercing ?? role.piercing,
  };
  return (
    refuseAssignedElsewhere(context.before, role, changed) ??
    planWrite(context, 'role-changed', changed)
  );
}

/**
 * Takes its assignments, and its inclusion in other roles, along. Refused with FORBIDDEN,
 * NOT_FOUND, BUILT_IN_ROLE, LAST_ADMIN; ESCALATION when it was denied to someone.
 *
 * With more assignments than a revision carries with ease they are left to
 * {@link planEndRetiredAssignments}. They say nothing any more: the role is gone.
 */
export function planRetireRole(
  context: WriteContext,
  { roleId, builtIn, mostAtOnce = LIMITS.assignmentsPerCall }: RetireRole,
): Plan {
  const { before } = context;
  const refused = authorizeAtRoot(context, 'role:write');
  if (refused) return refused;
  if (!before.role(roleId)) return notFound('role');
  if (builtIn) return builtInRole();
  const assignments = before.assignmentsOfRole(roleId);
  const includersWithout = directIncluders(before, roleId).map((role): AccessEvent => ({
    type: 'role-changed',
    role: { ...role, includes: role.includes.filter((included) => included !== roleId) },
  }));
  return settle(context, [
    ...(assignments.length <= mostAtOnce ? endAssignments(assignments) : []),
    ...includersWithout,
    { type: 'role-retired', roleId },
  ]);
}

/**
 * Ends the next assignments of a role that has been retired; none when none is left, or when there
 * is such a role (again). No right is asked for: it was when the role was retired. Never refused.
 */
export function planEndRetiredAssignments(
  context: WriteContext,
  { roleId, most = LIMITS.assignmentsPerCall }: EndRetiredAssignments,
): Plan {
  const { before } = context;
  const left = before.role(roleId) ? [] : before.assignmentsOfRole(roleId);
  return settle({ ...context, actor: { kind: 'OPERATOR' } }, endAssignments(left.slice(0, most)));
}

function planWrite(
  context: WriteContext,
  type: 'role-created' | 'role-changed',
  { id, permissions, includes, assignableOn, privileged, piercing }: RoleFact,
): Plan {
  const role: RoleFact = {
    id,
    permissions: [...new Set(permissions)],
    includes: [...new Set(includes)],
    assignableOn: [...new Set(assignableOn)],
    privileged,
    piercing,
  };
  return (
    refuseSizes(role) ??
    refusePermissions(role) ??
    refuseIncludes(context.before, role) ??
    settle(context, [{ type, role }])
  );
}

function refuseSizes({ permissions, includes, assignableOn }: RoleFact): Rejected | undefined {
  const refused =
    refuseSize('permissions', permissions, LIMITS.permissionsPerRole, 0) ??
    refuseSize('includes', includes, LIMITS.includesPerRole, 0) ??
    refuseSize('assignableOn', assignableOn, LIMITS.scopeTypesPerRole, 0);
  if (refused) return refused;
  for (const type of assignableOn) {
    const refusedType = refuseSize('assignableOn', type, LIMITS.scopeTypeLength);
    if (refusedType) return refusedType;
  }
  return undefined;
}

function refusePermissions({ permissions }: RoleFact): Rejected | undefined {
  const invalid = permissions.find(
    (permission) => permission.length > LIMITS.permissionLength || !isPermission(permission),
  );
  if (invalid === undefined) return undefined;
  return reject('INVALID_PERMISSION', 'A permission is resourceType:verb, resourceType:* or *.', {
    permission: invalid.slice(0, LIMITS.permissionLength),
  });
}

function refuseIncludes(before: Snapshot, { id, includes }: RoleFact): Rejected | undefined {
  const containing = rolesContaining(before, id);
  for (const included of includes) {
    // INVARIANT: what a role includes contains it in no way.
    if (containing.has(included)) {
      return reject('ROLE_CYCLE', 'The role would include itself.', { roleId: id, included });
    }
    if (!before.role(included)) return notFound('role');
  }
  return undefined;
}

/**
 * INVARIANT: no role is assigned where it may not be. Types of scopes and resources never change, so
 * only the role's own list could break this.
 */
function refuseAssignedElsewhere(
  before: Snapshot,
  held: RoleFact,
  { id, assignableOn }: RoleFact,
): Rejected | undefined {
  // What stands there by a restore does not keep the rest of the role from being changed.
  const excluded = (type: string): boolean =>
    assignableOn.length > 0 &&
    !assignableOn.includes(type) &&
    (held.assignableOn.length === 0 || held.assignableOn.includes(type));
  const elsewhere = before
    .assignmentsOfRole(id)
    .filter(({ scopeId }) => excluded(typeOfPlace(before, scopeId)));
  if (elsewhere.length === 0) return undefined;
  return reject(
    'ROLE_NOT_ASSIGNABLE_HERE',
    'The role is assigned on what is of another type; take those assignments away first.',
    { assignments: elsewhere.length },
  );
}

function builtInRole(): Rejected {
  return reject('BUILT_IN_ROLE', 'A built-in role is never changed or retired.');
}
