import { decide } from '../decide.js';
import type { DecisionRequest } from '../decision.js';
import { coveringPatterns, isWildcard } from '../permission.js';
import { rolePermissions } from '../role-permissions.js';
import { assignmentReaches } from '../scope-path.js';
import type { Snapshot } from '../snapshot.js';
import { heldAssignments, isActive, refuseNoInterval } from './question.js';
import { scopeChain } from './scope-chain.js';

/** What may this principal do in this scope? */
export type PermissionsQuestion = Omit<DecisionRequest, 'permission'>;

/**
 * All permissions that some role of the tenant names and `decide` allows the principal in the
 * scope, sorted by code unit. A wildcard is among them where it is allowed as a whole; beside it
 * stand the permissions it covers, as far as roles name them.
 *
 * Costs as much as the principal holds, and a decision for each permission that some of it would
 * allow; where that contains a wildcard, all roles are read too. Throws a TypeError for a question
 * that names no time interval.
 */
export function listPermissions(
  snapshot: Snapshot,
  question: PermissionsQuestion,
): readonly string[] {
  refuseNoInterval(question.time);
  if (!isActive(snapshot, question.principalId)) return [];
  return [...namedWithin(snapshot, heldPermissions(snapshot, question))]
    .filter((permission) => decide(snapshot, { ...question, permission }).effect === 'ALLOW')
    .sort();
}

/** As roles write them, of all ALLOWs that reach the scope. */
function heldPermissions(
  snapshot: Snapshot,
  { principalId, scopeId }: PermissionsQuestion,
): Set<string> {
  const chain = new Set(scopeChain(snapshot, scopeId)?.map(({ id }) => id));
  const roleIds = new Set<string>();
  for (const assignment of heldAssignments(snapshot, principalId)) {
    if (assignment.effect === 'DENY' || !chain.has(assignment.scopeId)) continue;
    if (roleIds.has(assignment.roleId)) continue;
    const reach = assignmentReaches(snapshot, assignment, scopeId);
    if (reach === 'REACHES') roleIds.add(assignment.roleId);
  }
  return new Set([...roleIds].flatMap((roleId) => [...rolePermissions(snapshot, roleId)]));
}

/** Every permission that any role names and one of these covers. */
function namedWithin(snapshot: Snapshot, held: ReadonlySet<string>): Set<string> {
  const named = new Set(held);
  if (![...held].some(isWildcard)) return named;
  for (const { permissions } of snapshot.roles()) {
    for (const permission of permissions) {
      if (coveringPatterns(permission).some((pattern) => held.has(pattern))) named.add(permission);
    }
  }
  return named;
}
