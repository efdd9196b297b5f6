import type { Place } from './decision.js';
import type { RoleAssignmentFact } from './facts.js';
import { IndexedSnapshot } from './indexed-snapshot.js';
import { RESOURCES, SCOPES } from './layouts.js';
import { resourceKey } from './resource-key.js';
import type { Snapshot } from './snapshot.js';
import { NOTHING } from './tables/hash-pages.js';
import type { TenantTables } from './tenant-tables.js';

/** CUT: it would reach the scope if every scope on the way inherited access. */
export type ReachResult = 'REACHES' | 'CUT' | 'NO';

/** The way from a scope up to the root. */
export interface ScopePath {
  /** The resource if it is one (NOTHING: not registered), the scope, its parent, and so on. */
  readonly scopeIds: readonly number[];
  /** How many of them, from the first, pass on what they are given all the way down to it. */
  readonly uncut: number;
}

/** What of an assignment makes it reach one scope or another. */
interface Placed {
  readonly scopeId: number;
  readonly isSelf: boolean;
  /** INVARIANT: nobody lifts a deny or shuts out a piercing role by unticking inheritance. */
  readonly passesCuts: boolean;
}

/**
 * Whether the assignment's scope, reach and effect make it apply to the place, whoever holds it and
 * whenever it is valid. A place that does not exist is reached by nothing.
 */
export function assignmentReaches(
  snapshot: Snapshot,
  assignment: RoleAssignmentFact,
  place: Place,
): ReachResult {
  const tables = IndexedSnapshot.tablesOf(snapshot);
  const { names } = tables.lineage;
  const path = pathFrom(tables, place);
  if (typeof path === 'string') return 'NO';
  const piercing = tables.roles.get(names.idOf(assignment.roleId))?.piercing === true;
  return reachAlong(path, {
    scopeId: names.idOf(assignment.scopeId),
    isSelf: assignment.reach === 'SELF',
    passesCuts: assignment.effect === 'DENY' || piercing,
  });
}

/** The way from a place up to the root, or why there is none. */
export function pathFrom(
  tables: TenantTables,
  { scopeId, resource }: Place,
): ScopePath | 'UNKNOWN_SCOPE' | 'RESOURCE_SCOPE_MISMATCH' {
  const { names } = tables.lineage;
  const named = scopeId === undefined ? NOTHING : names.idOf(scopeId);
  if (resource === undefined) return pathToRoot(tables, named) ?? 'UNKNOWN_SCOPE';
  const { relation } = tables.resources;
  // Most tenants register none, and every question of theirs names another one.
  const key = relation.size === 0 ? NOTHING : names.idOf(resourceKey(resource));
  KEY[0] = key;
  const row = relation.find(KEY);
  // INVARIANT: what is not registered is a place of its own, on which nothing can be assigned.
  if (row === NOTHING) return pathToRoot(tables, named, NOTHING) ?? 'UNKNOWN_SCOPE';
  const registered = relation.field(row, RESOURCES.scope);
  // INVARIANT: nobody reaches a resource by naming a scope that it is not in.
  if (scopeId !== undefined && named !== registered) return 'RESOURCE_SCOPE_MISMATCH';
  return pathToRoot(tables, registered, key) ?? 'UNKNOWN_SCOPE';
}

/**
 * With a leaf: from that, a child of the scope that inherits access.
 *
 * undefined when the scope, or any ancestor it names, does not exist: what hangs on nothing may
 * have lost a deny with its ancestors, so it counts as gone itself.
 */
function pathToRoot(tables: TenantTables, scopeId: number, leaf?: number): ScopePath | undefined {
  const { relation } = tables.scopes;
  const scopeIds: number[] = leaf === undefined ? [] : [leaf];
  const longest = relation.size + scopeIds.length;
  let uncut: number | undefined;
  let next = scopeId;
  do {
    KEY[0] = next;
    const row = relation.find(KEY);
    // More steps than there are scopes: it goes round in a circle.
    if (row === NOTHING || scopeIds.length === longest) return undefined;
    scopeIds.push(next);
    // INVARIANT: a cut stands between a scope and its parent, so it counts from the parent up.
    if (relation.field(row, SCOPES.inheritsAccess) === 0) uncut ??= scopeIds.length;
    next = relation.field(row, SCOPES.parent);
  } while (next !== NOTHING);
  return { scopeIds, uncut: uncut ?? scopeIds.length };
}

export function reachAlong(
  { scopeIds, uncut }: ScopePath,
  { scopeId, isSelf, passesCuts }: Placed,
): ReachResult {
  const steps = scopeIds.indexOf(scopeId);
  if (steps === 0) return 'REACHES';
  if (steps === -1 || isSelf) return 'NO';
  return steps < uncut || passesCuts ? 'REACHES' : 'CUT';
}

/** Room for the key of one lookup. */
const KEY = new Int32Array(1);
