import type { RoleFact } from './facts.js';
import { IndexedSnapshot } from './indexed-snapshot.js';
import type { Indexes } from './indexes.js';
import type { Snapshot } from './snapshot.js';

/**
 * What a role contains: its own permissions and those of the roles it includes, through any depth.
 * Wildcards stand as written. Nothing for a role that does not exist; an included role that no
 * longer exists adds nothing.
 */
export function rolePermissions(snapshot: Snapshot, roleId: string): ReadonlySet<string> {
  return permissionsOfRole(IndexedSnapshot.indexesOf(snapshot), roleId);
}

export function permissionsOfRole(indexes: Indexes, roleId: string): ReadonlySet<string> {
  const known = indexes.permissionsByRole.get(roleId);
  if (known !== undefined) return known;
  const permissions = collect(indexes, roleId);
  // Unknown ids are not remembered: callers may ask for any number of them.
  if (indexes.roles.has(roleId)) indexes.permissionsByRole.set(roleId, permissions);
  return permissions;
}

function collect(indexes: Indexes, roleId: string): Set<string> {
  const permissions = new Set<string>();
  for (const role of rolesWithin(indexes, roleId)) {
    role.permissions.forEach((permission) => permissions.add(permission));
  }
  return permissions;
}

/** The role and those it includes, through any depth, as far as they exist. */
export function* rolesWithin(indexes: Indexes, roleId: string): Iterable<RoleFact> {
  const seen = new Set([roleId]);
  // A set's iteration meets what is added on the way; each role is added, so visited, once.
  for (const id of seen) {
    const role = indexes.roles.get(id);
    if (role === undefined) continue;
    role.includes.forEach((included) => seen.add(included));
    yield role;
  }
}
