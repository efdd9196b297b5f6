import type { AccessEvent } from './access-event.js';

export type ChangedKind =
  'TENANT' | 'PRINCIPAL' | 'GROUP' | 'MEMBERSHIP' | 'SCOPE' | 'RESOURCE' | 'ROLE' | 'ASSIGNMENT';

/** What an event was about, by its names alone. */
export interface ChangedFact {
  readonly kind: ChangedKind;
  /** Of a membership, that of the group; of a resource, the callers' own; null: the tenant itself. */
  readonly id: string | null;
  /** Of a membership: who is a member, or was. */
  readonly memberId?: string;
  /** Of a resource. */
  readonly resourceType?: string;
}

/** Names the fact that an event changed. */
export function changedFactOf(event: AccessEvent): ChangedFact {
  switch (event.type) {
    case 'tenant-created':
    case 'tenant-suspended':
    case 'tenant-resumed':
    case 'tenant-stale-mode-changed':
    case 'tenant-deleted':
      return { kind: 'TENANT', id: null };
    case 'principal-created':
    case 'principal-status-changed':
      return { kind: 'PRINCIPAL', id: event.principal.id };
    case 'group-created':
      return { kind: 'GROUP', id: event.group.id };
    case 'group-deleted':
      return { kind: 'GROUP', id: event.groupId };
    case 'member-added':
    case 'member-removed': {
      const { groupId, memberId } = event.membership;
      return { kind: 'MEMBERSHIP', id: groupId, memberId };
    }
    case 'scope-created':
    case 'scope-moved':
    case 'scope-inheritance-changed':
      return { kind: 'SCOPE', id: event.scope.id };
    case 'scope-deleted':
      return { kind: 'SCOPE', id: event.scopeId };
    case 'resource-registered':
    case 'resource-moved':
    case 'resource-unregistered':
      return { kind: 'RESOURCE', id: event.resource.id, resourceType: event.resource.type };
    case 'role-created':
    case 'role-changed':
      return { kind: 'ROLE', id: event.role.id };
    case 'role-retired':
      return { kind: 'ROLE', id: event.roleId };
    case 'role-assigned':
      return { kind: 'ASSIGNMENT', id: event.assignment.id };
    case 'role-unassigned':
      return { kind: 'ASSIGNMENT', id: event.assignmentId };
  }
}
