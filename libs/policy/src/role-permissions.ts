import { IndexedSnapshot } from './indexed-snapshot.js';
import type { Snapshot } from './snapshot.js';

/**
 * What a role contains: its own permissions and those of the roles it includes, through any depth.
 * Wildcards stand as written. Nothing for a role that does not exist; an included role that no
 * longer exists adds nothing.
 */
export function rolePermissions(snapshot: Snapshot, roleId: string): ReadonlySet<string> {
  const { lineage, roles } = IndexedSnapshot.tablesOf(snapshot);
  return roles.permissionsOf(lineage.names.idOf(roleId));
}
