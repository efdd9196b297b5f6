import { assertUnreachable } from '@bastion/platform';
import type { AccessEvent, PrincipalFact, Snapshot } from '@bastion/policy';

/** One event with the fact as it was before it, for the audit entry. Ids only, nothing personal. */
export interface DescribedChange {
  readonly event: unknown;
  readonly before: unknown;
}

export function describeChanges(
  before: Snapshot | null,
  events: readonly AccessEvent[],
): DescribedChange[] {
  return events.map((event) => ({
    event: withoutSubject(event),
    before: (before && factBefore(before, event)) ?? null,
  }));
}

/** INVARIANT: no entry holds a subject, which can identify a person: entries outlive who is erased. */
function withoutSubject(event: AccessEvent): unknown {
  return event.type === 'principal-created' || event.type === 'principal-status-changed'
    ? { ...event, principal: impersonal(event.principal) }
    : event;
}

function impersonal(
  principal: PrincipalFact | undefined,
): Omit<PrincipalFact, 'subject'> | undefined {
  if (!principal) return undefined;
  const { id, kind, status } = principal;
  return { id, kind, status };
}

function factBefore(before: Snapshot, event: AccessEvent): unknown {
  switch (event.type) {
    case 'tenant-suspended':
    case 'tenant-resumed':
    case 'tenant-stale-mode-changed':
    case 'tenant-deleted':
      return before.tenant;
    case 'principal-status-changed':
      return impersonal(before.principal(event.principal.id));
    case 'group-deleted':
      return before.group(event.groupId);
    case 'scope-moved':
    case 'scope-inheritance-changed':
      return before.scope(event.scope.id);
    case 'scope-deleted':
      return before.scope(event.scopeId);
    case 'resource-moved':
    case 'resource-unregistered':
      return before.resource(event.resource);
    case 'role-changed':
      return before.role(event.role.id);
    case 'role-retired':
      return before.role(event.roleId);
    case 'role-assigned':
      return before.assignment(event.assignment.id);
    case 'role-unassigned':
      return before.assignment(event.assignmentId);
    case 'tenant-created':
    case 'principal-created':
    case 'group-created':
    case 'member-added':
    case 'member-removed':
    case 'scope-created':
    case 'resource-registered':
    case 'role-created':
      return null;
    default:
      return assertUnreachable(event);
  }
}
