import type { TimeInterval } from '../decision.js';
import type { RoleAssignmentFact } from '../facts.js';
import type { Snapshot } from '../snapshot.js';
import { isValidSomewhere, validityThroughout } from '../validity.js';
import { groupsAbove, wayTo } from './ways.js';

/** A group that contains a principal. */
export interface HeldGroup {
  readonly groupId: string;
  /** From the nearest group to this one; alone: a direct member. */
  readonly way: readonly string[];
}

/** An assignment that a principal has, by itself or through a group. */
export interface HeldAssignment {
  readonly assignment: RoleAssignmentFact;
  /** Whether it counts just now, as far as time goes. */
  readonly isValid: boolean;
  /** The groups from the nearest to the one that it was given to; none: it was given to the principal. */
  readonly way: readonly string[];
}

export interface Holdings {
  readonly groups: readonly HeldGroup[];
  readonly assignments: readonly HeldAssignment[];
}

/** All that a principal is in and has, each with the shortest way to it, sorted by id. */
export function listHoldings(
  snapshot: Snapshot,
  principalId: string,
  time: TimeInterval,
): Holdings {
  const steps = groupsAbove(snapshot, principalId);
  const holders = [...steps.keys()].map((id) => ({ id, way: wayTo(id, steps).slice(1) }));
  const assignments = holders.flatMap(({ id, way }) =>
    snapshot.assignmentsOf(id).map((assignment) => {
      return { assignment, way, isValid: isValid(assignment, time) };
    }),
  );
  return {
    groups: holders
      .filter(({ way }) => way.length > 0)
      .map(({ id, way }) => ({ groupId: id, way }))
      .sort((a, b) => compare(a.groupId, b.groupId)),
    assignments: assignments.sort((a, b) => compare(a.assignment.id, b.assignment.id)),
  };
}

function isValid(assignment: RoleAssignmentFact, time: TimeInterval): boolean {
  return assignment.effect === 'DENY'
    ? isValidSomewhere(assignment, time)
    : validityThroughout(assignment, time) === 'VALID';
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
