import type { AccessEventV1, TenantFactsV1 } from '@bastion/contracts';
import {
  EVERYONE,
  type AccessEvent,
  type RoleAssignmentFact,
  type TenantFacts,
} from '@bastion/policy';

/*
 * An assignment under a condition, and one to Everyone, travel where nobody who knows of no such thing
 * takes them for something else: as events of another version, and in lists of their own. The same in
 * what is stored.
 */

type Wire = TenantFactsV1['assignments'][number];
type ConditionalWire = TenantFactsV1['conditionalAssignments'][number];
/** It names no grantee, so that nobody takes it for any other. */
export type EveryoneWire = TenantFactsV1['everyoneAssignments'][number];

/** An event as it travels, before it is parsed, which strips what no schema has. */
interface UnparsedEvent {
  readonly type: AccessEventV1['type'];
  readonly [content: string]: unknown;
}

export function eventToWire(event: AccessEvent): UnparsedEvent {
  if (event.type === 'role-assigned') {
    const { assignment } = event;
    if (isToEveryone(assignment)) {
      return { type: 'role-assigned.v3', assignment: everyoneForm(assignment) };
    }
    if (isConditional(assignment)) return { ...event, type: 'role-assigned.v2' };
  }
  // The type says that every domain event has a wire event of version 1; a new one fails here.
  return { ...event, type: `${event.type}.v1` };
}

/** The lists of a tenant's facts as they travel. Nothing is stripped that no schema has. */
export function factsToWire(facts: TenantFacts): TenantFactsV1 {
  return {
    ...mutable(facts),
    assignments: facts.assignments.flatMap(plainForm),
    conditionalAssignments: facts.assignments.flatMap(conditionalForm),
    everyoneAssignments: facts.assignments.filter(isToEveryone).map(everyoneForm),
  };
}

/** The facts that travelled like this. */
export function factsFromWire({
  conditionalAssignments,
  everyoneAssignments,
  ...facts
}: TenantFactsV1): TenantFacts {
  // Nearly always so: the facts of a large tenant are not copied.
  if (conditionalAssignments.length + everyoneAssignments.length === 0) return facts;
  const ids = new Set(conditionalAssignments.map(({ id }) => id));
  const others = facts.assignments.filter(({ id }) => !ids.has(id));
  const ofEveryone = everyoneAssignments.map(assignmentToEveryone);
  return { ...facts, assignments: [...others, ...conditionalAssignments, ...ofEveryone] };
}

/**
 * What stands for an assignment in the eyes of who knows neither of conditions nor of Everyone.
 * INVARIANT: nothing for an ALLOW under a condition, and for a DENY one that always denies. To Everyone
 * there is nothing: whoever does not know of it is given none of the facts.
 */
export function plainForm(assignment: RoleAssignmentFact): [] | [Wire] {
  if (isToEveryone(assignment)) return [];
  if (isConditional(assignment) && assignment.effect === 'ALLOW') return [];
  return [{ ...assignment, condition: null }];
}

/** An assignment under a condition, unless it is to Everyone. */
export function conditionalForm(assignment: RoleAssignmentFact): [] | [ConditionalWire] {
  return isConditional(assignment) && !isToEveryone(assignment) ? [assignment] : [];
}

/** An assignment to Everyone, with or without a condition. */
export function everyoneForm(assignment: RoleAssignmentFact): EveryoneWire {
  const { id, roleId, scopeId, reach, effect, source, validFrom, validUntil, condition } =
    assignment;
  return { id, roleId, scopeId, reach, effect, source, validFrom, validUntil, condition };
}

/** What {@link everyoneForm} was made of. */
export function assignmentToEveryone(wire: EveryoneWire): RoleAssignmentFact {
  return { ...wire, granteeKind: 'GROUP', granteeId: EVERYONE };
}

export function isToEveryone({ granteeId }: RoleAssignmentFact): boolean {
  return granteeId === EVERYONE;
}

function isConditional(assignment: RoleAssignmentFact): assignment is ConditionalWire {
  return assignment.condition !== null;
}

/** The wire's types promise less than the domain's, whose lists nobody changes. */
function mutable(
  facts: TenantFacts,
): Omit<TenantFactsV1, 'assignments' | 'conditionalAssignments' | 'everyoneAssignments'> {
  return facts as unknown as TenantFactsV1;
}
