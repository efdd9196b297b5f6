import { canonicalJson } from '@bastion/platform';
import type { AccessEvent, TenantFacts } from '@bastion/policy';

/** The facts of a tenant as a plain list of named things. Shares no code with what it judges. */
export type NaiveFacts = ReadonlyMap<string, object>;

export const NO_FACTS: NaiveFacts = new Map();

/** The facts after these events, one by one. */
export function applyNaively(facts: NaiveFacts, events: readonly AccessEvent[]): NaiveFacts {
  const after = new Map(facts);
  for (const event of events) {
    if (event.type === 'tenant-deleted') after.clear();
    if ('tenant' in event) after.set('tenant', event.tenant);
    else if ('principal' in event) after.set(`principal ${event.principal.id}`, event.principal);
    else if ('group' in event) after.set(`group ${event.group.id}`, event.group);
    else if ('groupId' in event) after.delete(`group ${event.groupId}`);
    else if ('membership' in event) {
      const name = membershipName(event.membership);
      if (event.type === 'member-added') after.set(name, event.membership);
      else after.delete(name);
    } else if ('scope' in event) after.set(`scope ${event.scope.id}`, event.scope);
    else if ('scopeId' in event) after.delete(`scope ${event.scopeId}`);
    else if ('resource' in event) {
      const { resource } = event;
      const name = `resource ${resource.type}:${resource.id}`;
      if (event.type === 'resource-unregistered') after.delete(name);
      else after.set(name, resource);
    } else if ('role' in event) after.set(`role ${event.role.id}`, event.role);
    else if ('roleId' in event) after.delete(`role ${event.roleId}`);
    else if ('assignment' in event) {
      after.set(`assignment ${event.assignment.id}`, event.assignment);
    } else after.delete(`assignment ${event.assignmentId}`);
  }
  return after;
}

/** The same as everybody else has them. */
export function factsOf(facts: NaiveFacts): TenantFacts {
  const all = (kind: string): never[] =>
    [...facts].filter(([name]) => name.startsWith(`${kind} `)).map(([, fact]) => fact as never);
  return {
    tenant: facts.get('tenant') as TenantFacts['tenant'],
    principals: all('principal'),
    groups: all('group'),
    memberships: all('membership'),
    scopes: all('scope'),
    resources: all('resource'),
    roles: all('role'),
    assignments: all('assignment'),
  };
}

/** One text for equal facts, in whatever order they come. */
export function textOfFacts(facts: TenantFacts): string {
  const { tenant, principals, groups, memberships, scopes, resources, roles, assignments } = facts;
  return [tenant, principals, groups, memberships, scopes, resources, roles, assignments]
    .map((kind) => [kind].flat().map(textOfFact).sort().join('\n'))
    .join('\n\n');
}

/** Facts are never changed, and most of them are in the next revision too. */
const texts = new WeakMap<object, string>();

function textOfFact(fact: object): string {
  const text = texts.get(fact) ?? canonicalJson(fact);
  texts.set(fact, text);
  return text;
}

function membershipName(membership: {
  readonly groupId: string;
  readonly memberId: string;
  readonly source: string;
}): string {
  const { groupId, memberId, source } = membership;
  return `membership ${groupId} ${memberId} ${source}`;
}
