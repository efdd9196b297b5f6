import type { AccessEvent } from '../src/access-event.js';
import type { MembershipFact, ResourceFact, ResourceReference, TenantFacts } from '../src/facts.js';

/** The facts after these events, by filtering whole lists. Shares no code with what it checks. */
export function applyNaively(facts: TenantFacts, events: readonly AccessEvent[]): TenantFacts {
  return events.reduce(applyOne, facts);
}

function applyOne(facts: TenantFacts, event: AccessEvent): TenantFacts {
  switch (event.type) {
    case 'tenant-created':
    case 'tenant-suspended':
    case 'tenant-resumed':
    case 'tenant-stale-mode-changed':
      return { ...facts, tenant: event.tenant };
    case 'tenant-deleted':
      return {
        tenant: event.tenant,
        ...{ principals: [], groups: [], memberships: [], scopes: [] },
        ...{ resources: [], roles: [], assignments: [] },
      };
    case 'principal-created':
    case 'principal-status-changed':
      return { ...facts, principals: replace(facts.principals, event.principal) };
    case 'group-created':
      return { ...facts, groups: replace(facts.groups, event.group) };
    case 'group-deleted':
      return { ...facts, groups: without(facts.groups, event.groupId) };
    case 'member-added':
      return {
        ...facts,
        memberships: [...withoutMembership(facts, event.membership), event.membership],
      };
    case 'member-removed':
      return { ...facts, memberships: withoutMembership(facts, event.membership) };
    case 'scope-created':
    case 'scope-moved':
    case 'scope-inheritance-changed':
      return { ...facts, scopes: replace(facts.scopes, event.scope) };
    case 'scope-deleted':
      return { ...facts, scopes: without(facts.scopes, event.scopeId) };
    case 'resource-registered':
    case 'resource-moved':
      return { ...facts, resources: [...withoutResource(facts, event.resource), event.resource] };
    case 'resource-unregistered':
      return { ...facts, resources: withoutResource(facts, event.resource) };
    case 'role-created':
    case 'role-changed':
      return { ...facts, roles: replace(facts.roles, event.role) };
    case 'role-retired':
      return { ...facts, roles: without(facts.roles, event.roleId) };
    case 'role-assigned':
      return { ...facts, assignments: replace(facts.assignments, event.assignment) };
    case 'role-unassigned':
      return { ...facts, assignments: without(facts.assignments, event.assignmentId) };
  }
}

function replace<F extends { readonly id: string }>(all: readonly F[], fact: F): F[] {
  return [...without(all, fact.id), fact];
}

function without<F extends { readonly id: string }>(all: readonly F[], id: string): F[] {
  return all.filter((fact) => fact.id !== id);
}

function withoutResource(facts: TenantFacts, gone: ResourceReference): ResourceFact[] {
  return facts.resources.filter(({ type, id }) => type !== gone.type || id !== gone.id);
}

function withoutMembership(facts: TenantFacts, gone: MembershipFact): MembershipFact[] {
  return facts.memberships.filter(
    ({ groupId, memberId, source }) =>
      groupId !== gone.groupId || memberId !== gone.memberId || source !== gone.source,
  );
}
