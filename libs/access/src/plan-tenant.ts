import {
  applyEvents,
  buildSnapshot,
  factsOfNothing,
  TOMBSTONE,
  type AccessEvent,
  type RoleFact,
  type TenantFact,
  type TenantStatus,
} from '@bastion/policy';
import { MANUAL, tenantSuspended } from './authorize.js';
import { BUILT_IN_ROLE_KEYS, BUILT_IN_ROLES, type BuiltInRoleKey } from './built-in-roles.js';
import { reject, type Accepted, type Plan, type WriteContext } from './plan.js';
import { settle } from './settle.js';

export interface CreateTenant {
  readonly rootScopeId: string;
  /** The first administrator: a user, ACTIVE from the start. */
  readonly admin: { readonly id: string; readonly subject: string };
  readonly adminAssignmentId: string;
  readonly roleIds: Readonly<Record<BuiltInRoleKey, string>>;
}

/** Every tenant begins by denying what nobody can be sure of; it may choose otherwise. */
const NEW_TENANT: TenantFact = { status: 'ACTIVE', staleMode: 'DENY', maxStaleMs: 0 };

/** The `type` of a tenant's root scope. */
export const ROOT_SCOPE_TYPE = 'tenant';

/**
 * The first revision of a tenant: its root scope, its own copy of the built-in roles, and its first
 * administrator. Who may create tenants is not a question of this tenant's facts, so the caller
 * answers it.
 */
export function planCreateTenant(input: CreateTenant): Pick<Accepted, 'events' | 'after'> {
  const { rootScopeId, admin, adminAssignmentId, roleIds } = input;
  const events: AccessEvent[] = [
    { type: 'tenant-created', tenant: NEW_TENANT },
    {
      type: 'scope-created',
      scope: { id: rootScopeId, parentId: null, type: ROOT_SCOPE_TYPE, inheritsAccess: true },
    },
    ...BUILT_IN_ROLE_KEYS.map((key): AccessEvent => ({
      type: 'role-created',
      role: copyOf(key, roleIds),
    })),
    {
      type: 'principal-created',
      principal: { id: admin.id, kind: 'USER', status: 'ACTIVE', subject: admin.subject },
    },
    {
      type: 'role-assigned',
      assignment: {
        id: adminAssignmentId,
        granteeKind: 'USER',
        granteeId: admin.id,
        roleId: roleIds['tenant-admin'],
        scopeId: rootScopeId,
        reach: 'SUBTREE',
        effect: 'ALLOW',
        source: MANUAL,
        validFrom: null,
        validUntil: null,
        condition: null,
      },
    },
  ];
  const nothing = buildSnapshot(factsOfNothing(NEW_TENANT));
  return { events, after: applyEvents(nothing, events) };
}

/**
 * Brings a tenant's copies of the built-in roles to what this version of the code says of them; no
 * events when they are. Takes a suspended tenant too, or its roles would be old when it is resumed.
 *
 * @param roleIds of every built-in role: of the tenant's copy, or a new id for one it has none of
 */
export function planUpdateBuiltInRoles(
  context: WriteContext,
  roleIds: CreateTenant['roleIds'],
): Plan {
  if (context.actor.kind !== 'OPERATOR') {
    return reject('FORBIDDEN', 'Only an operator updates built-in roles.');
  }
  const events = BUILT_IN_ROLE_KEYS.flatMap((key): AccessEvent[] => {
    const role = copyOf(key, roleIds);
    const held = context.before.role(role.id);
    if (held && isSame(held, role)) return [];
    return [{ type: held ? 'role-changed' : 'role-created', role }];
  });
  return settle(context, events);
}

function isSame(one: RoleFact, other: RoleFact): boolean {
  return (
    one.privileged === other.privileged &&
    one.piercing === other.piercing &&
    (['permissions', 'includes', 'assignableOn'] as const).every((list) =>
      holdsTheSame(one[list], other[list]),
    )
  );
}

/** None of the two names anything twice. */
function holdsTheSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value) => other.includes(value));
}

function copyOf(key: BuiltInRoleKey, roleIds: CreateTenant['roleIds']): RoleFact {
  const { permissions, includes, privileged, piercing } = BUILT_IN_ROLES[key];
  return {
    id: roleIds[key],
    permissions,
    includes: includes.map((included) => roleIds[included]),
    assignableOn: [],
    privileged,
    piercing,
  };
}

/** Only an operator suspends; everyone in the tenant is denied everything until it is resumed. */
export function planSuspendTenant(context: WriteContext): Plan {
  if (context.before.tenant.status === 'SUSPENDED') return tenantSuspended();
  return setStatus(context, 'SUSPENDED');
}

/** What ends a suspension; a suspended tenant takes no write of its own people's. */
export function planResumeTenant(context: WriteContext): Plan {
  return setStatus(context, 'ACTIVE');
}

/**
 * Only an operator deletes, and only what is suspended: whoever needed the tenant has noticed by then.
 * All its facts end by one event, and no event ever follows.
 */
export function planDeleteTenant(context: WriteContext): Plan {
  if (context.actor.kind !== 'OPERATOR') {
    return reject('FORBIDDEN', 'Only an operator deletes a tenant.');
  }
  const from = context.before.tenant.status;
  if (from !== 'SUSPENDED') {
    const details = { from, to: 'DELETED' };
    return reject('INVALID_STATUS_CHANGE', 'Only a suspended tenant is deleted.', details);
  }
  return settle(context, [{ type: 'tenant-deleted', tenant: TOMBSTONE }]);
}

function setStatus(context: WriteContext, status: TenantStatus): Plan {
  if (context.actor.kind !== 'OPERATOR') {
    return reject('FORBIDDEN', 'Only an operator suspends or resumes a tenant.');
  }
  const from = context.before.tenant.status;
  if (from === status) {
    return reject('INVALID_STATUS_CHANGE', `The tenant is ${from} already.`, { from, to: status });
  }
  const type = status === 'ACTIVE' ? 'tenant-resumed' : 'tenant-suspended';
  return settle(context, [{ type, tenant: { ...context.before.tenant, status } }]);
}
