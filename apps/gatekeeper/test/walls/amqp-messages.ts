import { ACCESS_CHANGED_V1, type AccessChangedV1, type AccessEventV1 } from '@bastion/contracts';
import { everyoneForm } from '@bastion/platform';
import { ACTIVE_TENANT } from '@bastion/testing';
import type { TenantIds } from './walled-tenants.js';

/** How each type of message keeps the wall between tenants. */
export interface AmqpWalls {
  /** The patterns that the service handles; the body of each names the one tenant it is about. */
  readonly patterns: readonly string[];
  readonly kinds: readonly AccessChangedV1['kind'][];
  /** An event of each type that says of another tenant's things whatever would hurt it most. */
  readonly events: {
    readonly [Type in AccessEventV1['type']]: (
      theirs: TenantIds,
    ) => Extract<AccessEventV1, { type: Type }>;
  };
}

const shut = { ...ACTIVE_TENANT, status: 'SUSPENDED' as const };

const ended = ({ user }: TenantIds) => ({
  id: user,
  kind: 'USER' as const,
  status: 'DEPROVISIONED' as const,
  subject: `subject-${user}`,
});

const membership = ({ group, user }: TenantIds) => ({
  groupId: group,
  memberKind: 'USER' as const,
  memberId: user,
  source: 'manual',
});

const cutOff = ({ scope, inner }: TenantIds) => ({
  id: inner,
  parentId: scope,
  type: 'folder',
  inheritsAccess: false,
});

const emptied = ({ role }: TenantIds) => ({
  id: role,
  permissions: [],
  includes: [],
  assignableOn: [],
  privileged: false,
  piercing: false,
});

const denial = ({ assignment, group, role, scope }: TenantIds) => ({
  id: assignment,
  granteeKind: 'GROUP' as const,
  granteeId: group,
  roleId: role,
  scopeId: scope,
  reach: 'SUBTREE' as const,
  effect: 'DENY' as const,
  source: 'manual',
  validFrom: null,
  validUntil: null,
  condition: null,
});

/** A message or an event that is not here fails the tests. */
export const AMQP_WALLS: AmqpWalls = {
  patterns: [ACCESS_CHANGED_V1],
  kinds: ['CHANGES', 'SNAPSHOT_REQUIRED'],
  events: {
    'tenant-created.v1': () => ({ type: 'tenant-created.v1', tenant: shut }),
    'tenant-suspended.v1': () => ({ type: 'tenant-suspended.v1', tenant: shut }),
    'tenant-resumed.v1': () => ({ type: 'tenant-resumed.v1', tenant: ACTIVE_TENANT }),
    'tenant-stale-mode-changed.v1': () => ({
      type: 'tenant-stale-mode-changed.v1',
      tenant: { ...ACTIVE_TENANT, staleMode: 'SERVE', maxStaleMs: 86_400_000 },
    }),
    'tenant-deleted.v1': () => ({
      type: 'tenant-deleted.v1',
      tenant: { ...shut, deleted: true },
    }),
    'principal-created.v1': (ids) => ({ type: 'principal-created.v1', principal: ended(ids) }),
    'principal-status-changed.v1': (ids) => ({
      type: 'principal-status-changed.v1',
      principal: ended(ids),
    }),
    'group-created.v1': ({ group }) => ({ type: 'group-created.v1', group: { id: group } }),
    'group-deleted.v1': ({ group }) => ({ type: 'group-deleted.v1', groupId: group }),
    'member-added.v1': (ids) => ({ type: 'member-added.v1', membership: membership(ids) }),
    'member-removed.v1': (ids) => ({ type: 'member-removed.v1', membership: membership(ids) }),
    'scope-created.v1': (ids) => ({ type: 'scope-created.v1', scope: cutOff(ids) }),
    'scope-moved.v1': (ids) => ({
      type: 'scope-moved.v1',
      scope: { ...cutOff(ids), parentId: 'root' },
    }),
    'scope-inheritance-changed.v1': (ids) => ({
      type: 'scope-inheritance-changed.v1',
      scope: cutOff(ids),
    }),
    'scope-deleted.v1': ({ inner }) => ({ type: 'scope-deleted.v1', scopeId: inner }),
    'resource-registered.v1': ({ resource }) => ({
      type: 'resource-registered.v1',
      resource: { ...resource, scopeId: 'root' },
    }),
    'resource-moved.v1': ({ resource }) => ({
      type: 'resource-moved.v1',
      resource: { ...resource, scopeId: 'root' },
    }),
    'resource-unregistered.v1': ({ resource }) => ({
      type: 'resource-unregistered.v1',
      resource,
    }),
    'role-created.v1': (ids) => ({ type: 'role-created.v1', role: emptied(ids) }),
    'role-changed.v1': (ids) => ({ type: 'role-changed.v1', role: emptied(ids) }),
    'role-retired.v1': ({ role }) => ({ type: 'role-retired.v1', roleId: role }),
    'role-assigned.v1': (ids) => ({ type: 'role-assigned.v1', assignment: denial(ids) }),
    'role-assigned.v2': (ids) => ({
      type: 'role-assigned.v2',
      assignment: { ...denial(ids), condition: 'true' },
    }),
    'role-assigned.v3': (ids) => ({
      type: 'role-assigned.v3',
      assignment: everyoneForm(denial(ids)),
    }),
    'role-unassigned.v1': ({ assignment }) => ({
      type: 'role-unassigned.v1',
      assignmentId: assignment,
    }),
  },
};

/** What is received over AMQP, as the service and the contracts say themselves. */
export interface Received {
  readonly patterns: readonly string[];
  readonly kinds: readonly string[];
  readonly events: readonly string[];
}

/** Names what is received and not in the table. What is there and not received does not compile. */
export function findUnclassifiedMessages(received: Received, walls: AmqpWalls): string[] {
  const { patterns, kinds, events } = walls;
  const listed: Received = { patterns, kinds, events: Object.keys(events) };
  return (['patterns', 'kinds', 'events'] as const).flatMap((what) =>
    received[what]
      .filter((name) => !listed[what].includes(name))
      .map((name) => `${what}: ${name} is not classified`),
  );
}
