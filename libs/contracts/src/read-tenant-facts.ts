import { z } from 'zod';
import { tenantFactsV1, type TenantFactsV1 } from './access-facts.v1.js';

const FACTS_PER_STEP = 500;

const {
  tenant,
  principals,
  groups,
  memberships,
  scopes,
  resources,
  roles,
  assignments,
  conditionalAssignments,
  everyoneAssignments,
} = tenantFactsV1.shape;
const list = z.array(z.unknown());

const unreadFacts = z.object({
  tenant,
  principals: list,
  groups: list,
  memberships: list,
  scopes: list,
  resources: list.default([]),
  roles: list,
  assignments: list,
  conditionalAssignments: list.default([]),
  everyoneAssignments: list.default([]),
});

/**
 * What `tenantFactsV1` makes of the facts of a tenant, in steps of a millisecond or so: whoever drives
 * them may do something else between two of them. A step throws a ZodError for what breaks the contract.
 */
export function* readTenantFacts(given: unknown): Generator<void, TenantFactsV1, void> {
  const facts = unreadFacts.parse(given);
  return {
    tenant: facts.tenant,
    principals: yield* readList(principals, facts.principals),
    groups: yield* readList(groups, facts.groups),
    memberships: yield* readList(memberships, facts.memberships),
    scopes: yield* readList(scopes, facts.scopes),
    resources: yield* readList(resources, facts.resources),
    roles: yield* readList(roles, facts.roles),
    assignments: yield* readList(assignments, facts.assignments),
    conditionalAssignments: yield* readList(
      conditionalAssignments.unwrap(),
      facts.conditionalAssignments,
    ),
    everyoneAssignments: yield* readList(everyoneAssignments.unwrap(), facts.everyoneAssignments),
  };
}

function* readList<Fact>(
  schema: z.ZodType<Fact[]>,
  given: readonly unknown[],
): Generator<void, Fact[], void> {
  const read: Fact[] = [];
  for (let from = 0; from < given.length; from += FACTS_PER_STEP) {
    if (from > 0) yield;
    read.push(...schema.parse(given.slice(from, from + FACTS_PER_STEP)));
  }
  return read;
}
