import { decide } from '../decide.js';
import type { DecisionRequest } from '../decision.js';
import { EVERYONE } from '../everyone.js';
import { assignmentReaches } from '../scope-path.js';
import type { Snapshot } from '../snapshot.js';
import { claimsOn, refuseMalformed } from './question.js';
import { scopeChain } from './scope-chain.js';

/** Who may do this there? */
export type PrincipalsQuestion = Omit<DecisionRequest, 'principalId'>;

/**
 * Ids of all principals whom `decide` allows the permission there, sorted by code unit.
 *
 * Costs as much as is assigned there and above it, and a decision for each principal that
 * some of it would allow: for each user, where that is assigned to Everyone. Throws a TypeError for
 * a question that names no permission or no time interval.
 */
export function listPrincipals(
  snapshot: Snapshot,
  question: PrincipalsQuestion,
): readonly string[] {
  refuseMalformed(question);
  return [...membersWithin(snapshot, allowedGrantees(snapshot, question))]
    .filter((principalId) => decide(snapshot, { ...question, principalId }).effect === 'ALLOW')
    .sort();
}

/** Principals and groups to whom an assignment allows it. */
export function allowedGrantees(snapshot: Snapshot, question: PrincipalsQuestion): Set<string> {
  const claimOf = claimsOn(snapshot, question);
  const grantees = new Set<string>();
  for (const { id } of scopeChain(snapshot, question) ?? []) {
    for (const assignment of snapshot.assignmentsOn(id)) {
      if (grantees.has(assignment.granteeId) || claimOf(assignment) !== 'ALLOW') continue;
      const reach = assignmentReaches(snapshot, assignment, question);
      if (reach === 'REACHES') grantees.add(assignment.granteeId);
    }
  }
  return grantees;
}

/** The grantees and all who are in them through any nesting. */
function membersWithin(snapshot: Snapshot, grantees: Iterable<string>): Set<string> {
  const found = new Set(grantees);
  // A set's iteration meets what is added on the way; each id is added, so visited, once.
  for (const id of found) {
    if (id === EVERYONE) {
      for (const { id, kind } of snapshot.principals()) if (kind === 'USER') found.add(id);
    }
    if (snapshot.group(id) === undefined) continue;
    for (const { memberId } of snapshot.membersOf(id)) found.add(memberId);
  }
  return found;
}
