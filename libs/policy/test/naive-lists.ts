import type { DecisionRequest, Place } from '../src/decision.js';
import type { TenantFacts } from '../src/facts.js';
import { decideNaively } from './naive-oracle.js';

/** The lists by asking about everything there is, one after the other. */
export function listScopesNaively(
  facts: TenantFacts,
  question: Omit<DecisionRequest, keyof Place>,
): string[] {
  return facts.scopes
    .map(({ id }) => id)
    .filter((scopeId) => isAllowed(facts, { ...question, resource: undefined, scopeId }))
    .sort();
}

export function listResourcesNaively(
  facts: TenantFacts,
  question: Omit<DecisionRequest, keyof Place> & { resourceType?: string | undefined },
): string[] {
  return facts.resources
    .filter(({ type }) => question.resourceType === undefined || type === question.resourceType)
    .filter((resource) => isAllowed(facts, { ...question, scopeId: undefined, resource }))
    .map(({ type, id }) => `${type}:${id}`)
    .sort();
}

export function listPrincipalsNaively(
  facts: TenantFacts,
  question: Omit<DecisionRequest, 'principalId'>,
): string[] {
  return facts.principals
    .map(({ id }) => id)
    .filter((principalId) => isAllowed(facts, { ...question, principalId }))
    .sort();
}

export function listPermissionsNaively(
  facts: TenantFacts,
  question: Omit<DecisionRequest, 'permission'>,
): string[] {
  return [...new Set(facts.roles.flatMap(({ permissions }) => permissions))]
    .filter((permission) => isAllowed(facts, { ...question, permission }))
    .sort();
}

function isAllowed(facts: TenantFacts, request: DecisionRequest): boolean {
  return decideNaively(facts, request).effect === 'ALLOW';
}
