import { decide } from '../decide.js';
import type { DecisionRequest, Place } from '../decision.js';
import type { Snapshot } from '../snapshot.js';
import { isActive, refuseMalformed } from './question.js';
import { reachOf } from './reached-scopes.js';

/** Where may this principal do this? */
export type ScopesQuestion = Omit<DecisionRequest, keyof Place>;

/**
 * Ids of all scopes where `decide` allows the principal the permission, sorted by code unit.
 *
 * Costs as much as the principal holds, the ways from there up to the root, and the answer; where it
 * holds something under a condition, a decision for each scope of the answer as well.
 * Throws a TypeError for a question that names no permission or no time interval.
 */
export function listScopes(snapshot: Snapshot, question: ScopesQuestion): readonly string[] {
  refuseMalformed(question);
  if (!isActive(snapshot, question.principalId)) return [];
  const { reached, denied, isConditional } = reachOf(snapshot, question);
  const open = [...reached.keys()].filter((id) => !denied.alone.has(id));
  // A condition may look at the scope: what it lets through is known once each has been decided.
  const isAllowed = (scopeId: string): boolean =>
    decide(snapshot, { ...question, scopeId, resource: undefined }).effect === 'ALLOW';
  return (isConditional ? open.filter(isAllowed) : open).sort();
}
