import { decide } from '../decide.js';
import type { DecisionRequest, Reason } from '../decision.js';
import type { Snapshot } from '../snapshot.js';
import { accessPaths } from './access-paths.js';
import { EXPLANATION_LIMITS, type Explanation } from './explanation.js';
import { limited, NOTHING } from './limited.js';
import { allowsButForOneThing } from './near-misses.js';
import { remediesFor } from './remedies.js';

/** Reasons that no assignment has a part in, so that no grant changes them. */
const GATES: ReadonlySet<Reason> = new Set<Reason>([
  'EVALUATION_ERROR',
  'TENANT_SUSPENDED',
  'UNKNOWN_PRINCIPAL',
  'PRINCIPAL_INACTIVE',
  'UNKNOWN_SCOPE',
  'RESOURCE_SCOPE_MISMATCH',
]);

/**
 * What `decide` answers to the request, and how it comes about: the path of each assignment that
 * allows or denies, and for a DENY the near misses and what would change it. Every list is limited
 * by `EXPLANATION_LIMITS` and says whether it is complete.
 *
 * A request that is no question has an explanation too: a DENY with EVALUATION_ERROR.
 */
export function explain(snapshot: Snapshot, request: DecisionRequest): Explanation {
  const decision = decide(snapshot, request);
  const unexplained = { decision, paths: NOTHING, nearMisses: NOTHING, remedies: NOTHING };
  if (GATES.has(decision.reason)) return unexplained;

  const pathOf = accessPaths(snapshot, request);
  const pathsOf = (ids: readonly string[]) =>
    limited(ids, EXPLANATION_LIMITS.paths, (id) => pathOf(snapshot.assignment(id)!));
  if (decision.effect === 'ALLOW') {
    return { ...unexplained, paths: pathsOf(decision.assignmentIds) };
  }
  const denies = decision.reason === 'DENIED_BY' ? decision.assignmentIds : [];
  const almost = allowsButForOneThing(snapshot, request, pathOf);
  // What denies and something else keep from counting is no near miss.
  const near = denies.length === 0 ? almost : almost.filter((miss) => miss.reason === 'DENIED_BY');
  return {
    decision,
    paths: pathsOf(denies),
    nearMisses: limited(near, EXPLANATION_LIMITS.nearMisses, (miss) => miss),
    remedies: remediesFor(snapshot, request, denies, almost),
  };
}
