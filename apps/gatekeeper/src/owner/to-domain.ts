import type { AccessChangedV1, AccessEventV1, TenantFactsV1 } from '@bastion/contracts';
import { assertUnreachable, assignmentToEveryone, factsFromWire } from '@bastion/platform';
import type { AccessEvent, TenantFacts } from '@bastion/policy';
import type { ChangeSet } from './change-set.js';

/** What a message or a pulled change of version 1 says, in the terms of the domain. */
export function changeSetOf(wire: AccessChangedV1): ChangeSet {
  const { tenantId, epoch, revision, previousDigest, digest, factsDigest, committedAt } = wire;
  const named = { tenantId, epoch, revision, previousDigest, digest, factsDigest, committedAt };
  return wire.kind === 'CHANGES'
    ? { kind: 'CHANGES', ...named, events: wire.events.map(eventOf) }
    : { kind: 'SNAPSHOT_REQUIRED', ...named };
}

/** The facts of a pulled snapshot: version 1 of each is what the domain calls it. */
export function factsOf(wire: TenantFactsV1): TenantFacts {
  return factsFromWire(wire);
}

function eventOf(wire: AccessEventV1): AccessEvent {
  switch (wire.type) {
    case 'tenant-created.v1':
      return { type: 'tenant-created', tenant: wire.tenant };
    case 'tenant-suspended.v1':
      return { type: 'tenant-suspended', tenant: wire.tenant };
    case 'tenant-resumed.v1':
      return { type: 'tenant-resumed', tenant: wire.tenant };
    case 'tenant-stale-mode-changed.v1':
      return { type: 'tenant-stale-mode-changed', tenant: wire.tenant };
    case 'tenant-deleted.v1':
      return { type: 'tenant-deleted', tenant: wire.tenant };
    case 'principal-created.v1':
      return { type: 'principal-created', principal: wire.principal };
    case 'principal-status-changed.v1':
      return { type: 'principal-status-changed', principal: wire.principal };
    case 'group-created.v1':
      return { type: 'group-created', group: wire.group };
    case 'group-deleted.v1':
      return { type: 'group-deleted', groupId: wire.groupId };
    case 'member-added.v1':
      return { type: 'member-added', membership: wire.membership };
    case 'member-removed.v1':
      return { type: 'member-removed', membership: wire.membership };
    case 'scope-created.v1':
      return { type: 'scope-created', scope: wire.scope };
    case 'scope-moved.v1':
      return { type: 'scope-moved', scope: wire.scope };
    case 'scope-inheritance-changed.v1':
      return { type: 'scope-inheritance-changed', scope: wire.scope };
    case 'scope-deleted.v1':
      return { type: 'scope-deleted', scopeId: wire.scopeId };
    case 'resource-registered.v1':
      return { type: 'resource-registered', resource: wire.resource };
    case 'resource-moved.v1':
      return { type: 'resource-moved', resource: wire.resource };
    case 'resource-unregistered.v1':
      return { type: 'resource-unregistered', resource: wire.resource };
    case 'role-created.v1':
      return { type: 'role-created', role: wire.role };
    case 'role-changed.v1':
      return { type: 'role-changed', role: wire.role };
    case 'role-retired.v1':
      return { type: 'role-retired', roleId: wire.roleId };
    case 'role-assigned.v1':
    case 'role-assigned.v2':
      return { type: 'role-assigned', assignment: wire.assignment };
    case 'role-assigned.v3':
      return { type: 'role-assigned', assignment: assignmentToEveryone(wire.assignment) };
    case 'role-unassigned.v1':
      return { type: 'role-unassigned', assignmentId: wire.assignmentId };
    default:
      return assertUnreachable(wire);
  }
}
