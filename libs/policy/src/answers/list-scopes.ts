import type { DecisionRequest, Place } from '../decision.js';
import type { Snapshot } from '../snapshot.js';
import { isActive, refuseMalformed } from './question.js';
import { reachOf } from './reached-scopes.js';

/** Where may this principal do this? */
export type ScopesQuestion = Omit<DecisionRequest, keyof Place>;

/**
 * Ids of all scopes where `decide` allows the principal the permission, sorted by code unit.
 *
 * Costs as much as the principal holds, the ways from there up to the root, and the answer.
 * Throws a TypeError for a question that names no permission or no time interval.
 */
export function listScopes(snapshot: Snapshot, question: ScopesQuestion): readonly string[] {
  refuseMalformed(question);
  if (!isActive(snapshot, question.principalId)) return [];
  const { reached, denied } = reachOf(snapshot, question);
  return [...reached.keys()].filter((id) => !denied.alone.has(id)).sort();
}
