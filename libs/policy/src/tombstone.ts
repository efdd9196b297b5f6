import type { TenantFact, TenantFacts } from './facts.js';

/** The one fact that is left of a deleted tenant. */
export const TOMBSTONE: TenantFact = {
  status: 'SUSPENDED',
  staleMode: 'DENY',
  maxStaleMs: 0,
  deleted: true,
};

/** A tenant with this fact and no other. */
export function factsOfNothing(tenant: TenantFact): TenantFacts {
  return {
    tenant,
    principals: [],
    groups: [],
    memberships: [],
    scopes: [],
    resources: [],
    roles: [],
    assignments: [],
  };
}
