import { IndexedSnapshot } from './indexed-snapshot.js';
import type { Snapshot } from './snapshot.js';

/** The objects around the tables of any tenant, and what its answers remember. */
const OBJECTS = 16_384;

/**
 * About how many bytes of memory a snapshot takes, in time that does not depend on the tenant's size.
 * Versions of a tenant share nearly all of it.
 */
export function approximateBytes(snapshot: Snapshot): number {
  const { lineage, roles, ...tables } = IndexedSnapshot.tablesOf(snapshot);
  const { principals, groups, memberships, scopes, resources, assignments } = tables;
  return [principals, groups, memberships, scopes, resources, assignments].reduce(
    (sum, { relation }) => sum + relation.bytes,
    OBJECTS + lineage.names.bytes + lineage.conditions.bytes + roles.bytes,
  );
}
