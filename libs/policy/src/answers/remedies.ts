import type { DecisionRequest } from '../decision.js';
import type { Snapshot } from '../snapshot.js';
import {
  EXPLANATION_LIMITS,
  type AccessChange,
  type Limited,
  type NearMiss,
  type Remedy,
} from './explanation.js';
import { grantsOfEachKind } from './grants.js';
import { isAllowedAfter } from './trial.js';

/**
 * What would turn the denied request into an ALLOW: all denies go, and if no ALLOW is left then,
 * one is extended, lets through to the scope, or is granted. `almost`: the ALLOWs that at most one
 * thing beside the denies keeps from counting.
 */
export function remediesFor(
  snapshot: Snapshot,
  request: DecisionRequest,
  denies: readonly string[],
  almost: readonly NearMiss[],
): Limited<Remedy> {
  if (denies.length > EXPLANATION_LIMITS.paths) return { items: [], complete: false };
  const removals = denies.map((assignmentId): AccessChange => ({
    kind: 'REMOVE_DENY',
    assignmentId,
  }));
  const ofEachKind = grantsOfEachKind(snapshot, request, almost).map((grants) =>
    firstThatWork(
      snapshot,
      request,
      grants.map((grant) => [...removals, ...grant]),
    ),
  );
  return {
    items: ofEachKind.flatMap(({ items }) => items),
    complete: ofEachKind.every(({ complete }) => complete),
  };
}

function firstThatWork(
  snapshot: Snapshot,
  request: DecisionRequest,
  candidates: readonly Remedy[],
): Limited<Remedy> {
  const items: Remedy[] = [];
  for (const remedy of candidates) {
    // INVARIANT: nothing is suggested that was not tried. A group may bring a deny of its own.
    if (!isAllowedAfter(snapshot, request, remedy)) continue;
    if (items.length === EXPLANATION_LIMITS.remedies) return { items, complete: false };
    items.push(remedy);
  }
  return { items, complete: true };
}
