import type { RoleFact, Snapshot } from '@bastion/policy';

/** The roles that name one among their `includes`. */
export function directIncluders(snapshot: Snapshot, roleId: string): readonly RoleFact[] {
  return [...snapshot.roles()].filter((role) => role.includes.includes(roleId));
}

/** A role's id and those of all roles that contain it through any number of inclusions. */
export function rolesContaining(snapshot: Snapshot, roleId: string): ReadonlySet<string> {
  const found = new Set([roleId]);
  // A set is walked in the order of insertion, what is added meanwhile included.
  for (const id of found) {
    for (const includer of directIncluders(snapshot, id)) found.add(includer.id);
  }
  return found;
}
