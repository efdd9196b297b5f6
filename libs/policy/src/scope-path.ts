import type { RoleAssignmentFact } from './facts.js';
import { IndexedSnapshot } from './indexed-snapshot.js';
import { SCOPES } from './layouts.js';
import type { Snapshot } from './snapshot.js';
import { NOTHING } from './tables/hash-pages.js';
import type { TenantTables } from './tenant-tables.js';

/** CUT: it would reach the scope if every scope on the way inherited access. */
export type ReachResult = 'REACHES' | 'CUT' | 'NO';

/** The way from a scope up to the root, in two lists side by side. */
export interface ScopePath {
  /** The scope, its parent, and so on. */
  readonly scopeIds: readonly number[];
  /** Whether every scope on the way down from that one (not counting it) inherits access. */
  readonly inheritsFrom: readonly boolean[];
}

/** What of an assignment makes it reach one scope or another. */
interface Placed {
  readonly scopeId: number;
  readonly isSelf: boolean;
  /** INVARIANT: nobody lifts a deny or shuts out a piercing role by unticking inheritance. */
  readonly passesCuts: boolean;
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
  const tables = IndexedSnapshot.tablesOf(snapshot);
  const { names } = tables.lineage;
  const path = pathToRoot(tables, names.idOf(scopeId));
  if (path === undefined) return 'NO';
  const piercing = tables.roles.get(names.idOf(assignment.roleId))?.piercing === true;
  return reachAlong(path, {
    scopeId: names.idOf(assignment.scopeId),
    isSelf: assignment.reach === 'SELF',
    passesCuts: assignment.effect === 'DENY' || piercing,
  });
}

/**
 * undefined when the scope, or any ancestor it names, does not exist: what hangs on nothing may
 * have lost a deny with its ancestors, so it counts as gone itself.
 */
export function pathToRoot(tables: TenantTables, scopeId: number): ScopePath | undefined {
  const { relation } = tables.scopes;
  const scopeIds: number[] = [];
  const inheritsFrom: boolean[] = [];
  let inherits = true;
  let next = scopeId;
  do {
    KEY[0] = next;
    const row = relation.find(KEY);
    // More steps than there are scopes: it goes round in a circle.
    if (row === NOTHING || scopeIds.length === relation.size) return undefined;
    scopeIds.push(next);
    inheritsFrom.push(inherits);
    // INVARIANT: a cut stands between a scope and its parent, so it counts from the parent up.
    inherits = inherits && relation.field(row, SCOPES.inheritsAccess) === 1;
    next = relation.field(row, SCOPES.parent);
  } while (next !== NOTHING);
  return { scopeIds, inheritsFrom };
}

export function reachAlong(
  { scopeIds, inheritsFrom }: ScopePath,
  { scopeId, isSelf, passesCuts }: Placed,
): ReachResult {
  const steps = scopeIds.indexOf(scopeId);
  if (steps === 0) return 'REACHES';
  if (steps === -1 || isSelf) return 'NO';
  return inheritsFrom[steps]! || passesCuts ? 'REACHES' : 'CUT';
}

/** Room for the key of one lookup. */
const KEY = new Int32Array(1);
