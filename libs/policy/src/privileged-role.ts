import { IndexedSnapshot } from './indexed-snapshot.js';
import type { Snapshot } from './snapshot.js';

/** Whether a role is privileged, by itself or by any role that it includes. */
export function isPrivilegedRole(snapshot: Snapshot, roleId: string): boolean {
  const { lineage, roles } = IndexedSnapshot.tablesOf(snapshot);
  for (const role of roles.within(lineage.names.idOf(roleId))) {
    if (role.privileged) return true;
  }
  return false;
}

/** The ids of all roles that are. */
export function privilegedRoleIds(snapshot: Snapshot): readonly string[] {
  return [...snapshot.roles()].map(({ id }) => id).filter((id) => isPrivilegedRole(snapshot, id));
}
