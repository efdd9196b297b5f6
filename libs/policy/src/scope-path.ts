import type { RoleAssignmentFact } from './facts.js';
import { IndexedSnapshot } from './indexed-snapshot.js';
import type { Indexes } from './indexes.js';
import type { Snapshot } from './snapshot.js';

/** CUT: it would reach the scope if every scope on the way inherited access. */
export type ReachResult = 'REACHES' | 'CUT' | 'NO';

/** The way from a scope up to the root. */
export interface ScopePath {
  readonly scopeId: string;
  /**
   * For the scope and each ancestor A: whether every scope on the way down from A (not counting A,
   * counting the scope) inherits access.
   */
  readonly inheritsFrom: ReadonlyMap<string, boolean>;
}

/**
 * Whether the assignment's scope, reach and effect make it apply to the scope, whoever holds it and
 * whenever it is valid. A scope that does not exist is reached by nothing.
 */
export function assignmentReaches(
  snapshot: Snapshot,
  assignment: RoleAssignmentFact,
  scopeId: string,
): ReachResult {
  const indexes = IndexedSnapshot.indexesOf(snapshot);
  const path = pathToRoot(indexes, scopeId);
  if (path === undefined) return 'NO';
  const piercing = indexes.roles.get(assignment.roleId)?.piercing === true;
  return reachAlong(path, assignment, piercing);
}

/**
 * undefined when the scope, or any ancestor it names, does not exist: what hangs on nothing may
 * have lost a deny with its ancestors, so it counts as gone itself.
 */
export function pathToRoot(indexes: Indexes, scopeId: string): ScopePath | undefined {
  const inheritsFrom = new Map<string, boolean>();
  let inherits = true;
  let next: string | null = scopeId;
  while (next !== null) {
    const scope = indexes.scopes.get(next);
    if (scope === undefined || inheritsFrom.has(next)) return undefined;
    inheritsFrom.set(next, inherits);
    // INVARIANT: a cut stands between a scope and its parent, so it counts from the parent up.
    inherits = inherits && scope.inheritsAccess;
    next = scope.parentId;
  }
  return { scopeId, inheritsFrom };
}

export function reachAlong(
  path: ScopePath,
  assignment: RoleAssignmentFact,
  piercing: boolean,
): ReachResult {
  if (assignment.scopeId === path.scopeId) return 'REACHES';
  const inherits = path.inheritsFrom.get(assignment.scopeId);
  if (inherits === undefined || assignment.reach === 'SELF') return 'NO';
  // INVARIANT: nobody lifts a deny or shuts out a piercing role by unticking inheritance.
  const passesCuts = assignment.effect === 'DENY' || piercing;
  return inherits || passesCuts ? 'REACHES' : 'CUT';
}
