import type { AccessEvent, TenantFacts } from '@bastion/policy';

/** The events that make a tenant of these facts. */
export function eventsOf(facts: TenantFacts): AccessEvent[] {
  return [
    { type: 'tenant-created', tenant: facts.tenant },
    ...facts.principals.map((principal) => ({ type: 'principal-created' as const, principal })),
    ...facts.groups.map((group) => ({ type: 'group-created' as const, group })),
    ...facts.memberships.map((membership) => ({ type: 'member-added' as const, membership })),
    ...facts.scopes.map((scope) => ({ type: 'scope-created' as const, scope })),
    ...facts.resources.map((resource) => ({ type: 'resource-registered' as const, resource })),
    ...facts.roles.map((role) => ({ type: 'role-created' as const, role })),
    ...facts.assignments.map((assignment) => ({ type: 'role-assigned' as const, assignment })),
  ];
}
