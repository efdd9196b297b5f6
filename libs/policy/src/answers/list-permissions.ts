import { askedPermissions } from '../asked-permissions.js';
import { decide } from '../decide.js';
import type { DecisionRequest } from '../decision.js';
import type { RoleAssignmentFact } from '../facts.js';
import { coveringPatterns, isPermission, isWildcard } from '../permission.js';
import { rolePermissions } from '../role-permissions.js';
import { assignmentReaches } from '../scope-path.js';
import type { Snapshot } from '../snapshot.js';
import { isValidSomewhere, validityThroughout } from '../validity.js';
import { heldAssignments, isActive, refuseNoInterval } from './question.js';
import { scopeChain } from './scope-chain.js';

/** What may this principal do there? */
export type PermissionsQuestion = Omit<DecisionRequest, 'permission'>;

/** As roles write them, wildcards among them. */
interface Held {
  readonly allowed: ReadonlySet<string>;
  readonly denied: ReadonlySet<string>;
  /** Whether any of it stands under a condition: allowed then if it holds, and denied in no case. */
  readonly isConditional: boolean;
}

/**
 * All permissions that some role of the tenant names and `decide` allows the principal
 * there, sorted by code unit. A wildcard is among them where it is allowed as a whole; beside it
 * stand the permissions it covers, as far as roles name them.
 *
 * Costs as much as the principal holds, and the answer; where a wildcard is held, all roles are
 * read too, and where something is held under a condition, each permission is decided. Throws a
 * TypeError for a question that names no time interval.
 */
export function listPermissions(
  snapshot: Snapshot,
  question: PermissionsQuestion,
): readonly string[] {
  refuseNoInterval(question.time);
  if (!isActive(snapshot, question.principalId)) return [];
  const { allowed, denied, isConditional } = heldPermissions(snapshot, question);
  const open = [...namedWithin(snapshot, allowed)]
    .filter((permission) => isPermission(permission))
    .filter((permission) => !askedPermissions(permission).touchedBy(denied));
  // A condition may look at the permission: what it lets through is known once each has been decided.
  const isAllowed = (permission: string): boolean =>
    decide(snapshot, { ...question, permission }).effect === 'ALLOW';
  return (isConditional ? open.filter(isAllowed) : open).sort();
}

/** What the assignments say that reach the place and are valid. */
function heldPermissions(snapshot: Snapshot, question: PermissionsQuestion): Held {
  const { principalId, time } = question;
  const chain = new Set(scopeChain(snapshot, question)?.map(({ id }) => id));
  const counts = (assignment: RoleAssignmentFact): boolean =>
    chain.has(assignment.scopeId) &&
    (assignment.effect === 'DENY'
      ? isValidSomewhere(assignment, time)
      : validityThroughout(assignment, time) === 'VALID') &&
    assignmentReaches(snapshot, assignment, question) === 'REACHES';
  const held = { ALLOW: new Set<string>(), DENY: new Set<string>() };
  let isConditional = false;
  for (const assignment of heldAssignments(snapshot, principalId)) {
    if (!counts(assignment)) continue;
    if (assignment.condition !== null) {
      isConditional = true;
      if (assignment.effect === 'DENY') continue;
    }
    const permissions = held[assignment.effect];
    for (const each of rolePermissions(snapshot, assignment.roleId)) permissions.add(each);
  }
  return { allowed: held.ALLOW, denied: held.DENY, isConditional };
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
