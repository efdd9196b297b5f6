import { celEnv, parse, plan } from '@bufbuild/cel';
import type { DecisionRequest } from '../src/decision.js';
import type { RoleAssignmentFact, TenantFacts } from '../src/facts.js';

const environment = celEnv({});
const plans = new Map<string, ReturnType<typeof plan>>();

/**
 * What a condition says, by another implementation of CEL, which passes its conformance suite.
 * 'ERROR': it cannot be told. Knows nothing of what conditions may not contain.
 */
export function conditionSays(
  facts: TenantFacts,
  { principalId, permission, scopeId, resource, context = {} }: DecisionRequest,
  condition: string | null,
): boolean | 'ERROR' {
  if (condition === null) return true;
  const { attributes = {}, principalProperties = {}, actionProperties = {} } = context;
  const registered = facts.resources.findLast(
    (r) => r.type === resource?.type && r.id === resource.id,
  );
  const principal = facts.principals.findLast(({ id }) => id === principalId);
  const scope = facts.scopes.findLast(({ id }) => id === (registered?.scopeId ?? scopeId));
  try {
    const evaluate = plans.get(condition) ?? plan(environment, parse(condition));
    plans.set(condition, evaluate);
    // It takes no object without a prototype for a map.
    const sent = JSON.stringify({
      principal: { id: principalId, kind: principal!.kind, properties: principalProperties },
      action: { permission, properties: actionProperties },
      scope: { id: scope!.id, type: scope!.type },
      resource: { ...resource, properties: context.resourceProperties ?? {} },
      context: attributes,
    });
    const answer: unknown = evaluate(JSON.parse(sent) as never);
    return typeof answer === 'boolean' ? answer : 'ERROR';
  } catch {
    return 'ERROR';
  }
}

/** The facts as one request meets them: what has a condition has none any more, or is gone. */
export function withoutConditions(facts: TenantFacts, request: DecisionRequest): TenantFacts {
  const counts = ({ condition, effect }: RoleAssignmentFact): boolean => {
    const says = conditionSays(facts, request, condition);
    return effect === 'ALLOW' ? says === true : says !== false;
  };
  const assignments = facts.assignments
    .filter(counts)
    .map((assignment) => ({ ...assignment, condition: null }));
  return { ...facts, assignments };
}
