import type { DecisionRequest, Place } from '../decision.js';
import type { RoleAssignmentFact } from '../facts.js';
import type { Snapshot } from '../snapshot.js';
import { claimsOn, heldAssignments } from './question.js';

/** How an ALLOW goes on below a scope, each further than the one before. */
export const STAYS = 0;
const STOPS_AT_CUTS = 1;
const PIERCES = 2;

/** What the assignments that a principal holds come to in the tree. */
export interface Reached {
  /** Scopes that no subtree's DENY bars, and how the widest ALLOW goes on below each. */
  readonly reached: ReadonlyMap<string, number>;
  readonly denied: Denied;
  readonly allows: readonly RoleAssignmentFact[];
  /** Whether the way from a scope up leads to the root and through no denied subtree. */
  readonly isOpen: (scopeId: string) => boolean;
  /**
   * Whether any of it stands under a condition. Allowed then is what is reached if it holds, and denied
   * what is denied in any case: each place is to be decided.
   */
  readonly isConditional: boolean;
}

/** The scopes and resources on which the principal is denied. */
interface Denied {
  readonly alone: ReadonlySet<string>;
  readonly withSubtree: ReadonlySet<string>;
}

export function reachOf(snapshot: Snapshot, question: Omit<DecisionRequest, keyof Place>): Reached {
  const claimOf = claimsOn(snapshot, question);
  const allows: RoleAssignmentFact[] = [];
  const denied = { alone: new Set<string>(), withSubtree: new Set<string>() };
  let isConditional = false;
  for (const assignment of heldAssignments(snapshot, question.principalId)) {
    const claim = claimOf(assignment);
    if (claim !== 'ALLOW' && claim !== 'DENY') continue;
    if (assignment.condition !== null) isConditional = true;
    if (claim === 'ALLOW') allows.push(assignment);
    else if (assignment.condition === null) {
      denied[assignment.reach === 'SELF' ? 'alone' : 'withSubtree'].add(assignment.scopeId);
    }
  }
  const isOpen = openWays(snapshot, denied.withSubtree);
  const reached = reachedBy(snapshot, allows, denied, isOpen);
  return { reached, denied, allows, isOpen, isConditional };
}

/** What the ALLOWs reach, without the subtrees that are denied. */
function reachedBy(
  snapshot: Snapshot,
  allows: readonly RoleAssignmentFact[],
  denied: Denied,
  isOpen: (scopeId: string) => boolean,
): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  const open = allows
    .filter(({ scopeId }) => isOpen(scopeId))
    .map((allow) => ({ id: allow.scopeId, flow: flowOf(snapshot, allow) }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { id, flow } = next;
    // Another ALLOW got here and went at least as far, or a DENY stands here.
    if ((reached.get(id) ?? -1) >= flow || denied.withSubtree.has(id)) continue;
    reached.set(id, flow);
    if (flow === STAYS) continue;
    for (const child of snapshot.childrenOf(id)) {
      if (child.inheritsAccess || flow === PIERCES) open.push({ id: child.id, flow });
    }
  }
  return reached;
}

function flowOf(snapshot: Snapshot, { reach, roleId }: RoleAssignmentFact): number {
  if (reach === 'SELF') return STAYS;
  return snapshot.role(roleId)?.piercing === true ? PIERCES : STOPS_AT_CUTS;
}

/**
 * Whether the way from a scope up leads to the root and through no denied subtree. Every scope is
 * looked at once, however many ways lead through it.
 */
function openWays(
  snapshot: Snapshot,
  deniedSubtrees: ReadonlySet<string>,
): (scopeId: string) => boolean {
  const known = new Map<string, boolean>();
  return (scopeId) => {
    const way: string[] = [];
    let next: string | null = scopeId;
    while (next !== null && !known.has(next)) {
      // INVARIANT: no way is open until it has led to the root, so one in a circle is not.
      known.set(next, false);
      way.push(next);
      const scope = snapshot.scope(next);
      if (scope === undefined || deniedSubtrees.has(next)) return false;
      next = scope.parentId;
    }
    const isOpen = next === null || known.get(next) === true;
    for (const id of way) known.set(id, isOpen);
    return isOpen;
  };
}
