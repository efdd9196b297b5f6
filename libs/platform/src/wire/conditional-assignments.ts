import type { AccessEventV1, TenantFactsV1 } from '@bastion/contracts';
import type { AccessEvent, RoleAssignmentFact, TenantFacts } from '@bastion/policy';

/*
 * An assignment under a condition travels where nobody who knows of no conditions takes it for one
 * without: as an event of another version, and in a list of its own. The same in what is stored.
 */

type Wire = TenantFactsV1['assignments'][number];
type ConditionalWire = TenantFactsV1['conditionalAssignments'][number];

/** The name under which an event travels. */
export function wireTypeOf(event: AccessEvent): AccessEventV1['type'] {
  if (event.type === 'role-assigned' && isConditional(event.assignment)) return 'role-assigned.v2';
  // The type says that every domain event has a wire event of version 1; a new one fails here.
  return `${event.type}.v1`;
}

/** The lists of a tenant's facts as they travel. Nothing is stripped that no schema has. */
export function factsToWire(facts: TenantFacts): TenantFactsV1 {
  return {
    ...mutable(facts),
    assignments: facts.assignments.flatMap(unconditionalForm),
    conditionalAssignments: facts.assignments.filter(isConditional),
  };
}

/** The facts that travelled like this. */
export function factsFromWire({ conditionalAssignments, ...facts }: TenantFactsV1): TenantFacts {
  // Nearly always so: the facts of a large tenant are not copied.
  if (conditionalAssignments.length === 0) return facts;
  const ids = new Set(conditionalAssignments.map(({ id }) => id));
  const others = facts.assignments.filter(({ id }) => !ids.has(id));
  return { ...facts, assignments: [...others, ...conditionalAssignments] };
}

/**
 * What stands for an assignment in the eyes of who knows of no conditions.
 * INVARIANT: nothing for an ALLOW under a condition, and for a DENY one that always denies.
 */
export function unconditionalForm(assignment: RoleAssignmentFact): [] | [Wire] {
  if (isConditional(assignment) && assignment.effect === 'ALLOW') return [];
  return [{ ...assignment, condition: null }];
}

export function isConditional(assignment: RoleAssignmentFact): assignment is ConditionalWire {
  return assignment.condition !== null;
}

/** The wire's types promise less than the domain's, whose lists nobody changes. */
function mutable(
  facts: TenantFacts,
): Omit<TenantFactsV1, 'assignments' | 'conditionalAssignments'> {
  return facts as unknown as TenantFactsV1;
}
