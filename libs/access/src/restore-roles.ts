import {
  permissionCovers,
  rolePermissions,
  type RoleAssignmentFact,
  type RoleFact,
  type Snapshot,
} from '@bastion/policy';
import type { Histories } from './restore-union.js';
import { rolesContaining } from './role-graph.js';

type Permissions = ReadonlySet<string>;

/**
 * The roles after the restore. Where the owner and the union differ in what a role contains, its
 * use decides, for what narrows a grant narrows a deny too: a role that is only granted contains
 * what both contain; one that is only denied what either contains; one that is both exactly what it
 * contains in the union, as anything else would let somebody have more than that.
 *
 * Ended roles go, but for those that are still denied to somebody. Roles that the owner lacks come
 * back for the denies by them.
 */
export function restoreRoles(
  { owner, witness, union }: Histories,
  assignments: readonly RoleAssignmentFact[],
): RoleFact[] {
  // The grants of the union, not only those that are left: one that somebody gives again later must
  // not find a role that was widened for a deny.
  const granted = usedBy('ALLOW', union.facts().assignments, union);
  const denied = usedBy('DENY', assignments, union);
  const hasDenies = new Set(
    assignments.filter(({ effect }) => effect === 'DENY').map(({ roleId }) => roleId),
  );
  const stays = (id: string): boolean => union.role(id) !== undefined || hasDenies.has(id);

  const contents = new Map<string, Permissions>();
  const contentOf = (id: string): Permissions => {
    const known = contents.get(id);
    if (known) return known;
    const found = rolePermissions(owner, id);
    const bound = rolePermissions(union, id);
    const content = !denied.has(id)
      ? common(found, bound)
      : granted.has(id)
        ? bound
        : new Set([...found, ...bound]);
    contents.set(id, content);
    return content;
  };

  const kept = owner
    .facts()
    .roles.filter(({ id }) => stays(id))
    .map((found) => {
      const known = union.role(found.id);
      const included = found.includes.filter(
        (id) => known?.includes.includes(id) && owner.role(id) && stays(id),
      );
      return {
        ...found,
        ...fill(found, included, contentOf),
        assignableOn: known
          ? commonTypes(found.assignableOn, known.assignableOn)
          : found.assignableOn,
        privileged: found.privileged || known?.privileged === true,
        // Denies pass through every cut in any case, so this is about grants alone.
        piercing: found.piercing && known?.piercing === true,
      };
    });
  const remade = witness
    .facts()
    .roles.filter(({ id }) => !owner.role(id) && hasDenies.has(id))
    .map((role) => ({
      ...role,
      permissions: [...rolePermissions(witness, role.id)],
      includes: [],
    }));
  return [...kept, ...remade];
}

/** The roles that such assignments use, by themselves and through inclusion in the union. */
function usedBy(
  effect: RoleAssignmentFact['effect'],
  assignments: readonly RoleAssignmentFact[],
  union: Snapshot,
): ReadonlySet<string> {
  const users = assignments.filter((assignment) => assignment.effect === effect);
  const used = new Set(users.map(({ roleId }) => roleId));
  // A set is walked in the order of insertion, what is added meanwhile included.
  for (const id of used) union.role(id)?.includes.forEach((included) => used.add(included));
  return used;
}

/**
 * The lists of a role that make it contain exactly this: as little changed as can be, and whatever
 * an included role would bring in too much or no longer brings in written out.
 *
 * INVARIANT: no role comes to include what it did not include at the owner, so no cycle arises.
 */
function fill(
  { id, permissions: found }: RoleFact,
  included: readonly string[],
  contentOf: (roleId: string) => Permissions,
): Pick<RoleFact, 'permissions' | 'includes'> {
  const content = contentOf(id);
  const includes = included.filter((other) => covers(content, contentOf(other)));
  const permissions = found.filter((permission) => covers(content, [permission]));
  const there = new Set([...permissions, ...includes.flatMap((other) => [...contentOf(other)])]);
  const missing = [...content].filter((permission) => !covers(there, [permission]));
  return { includes, permissions: [...permissions, ...missing.filter(isWidestOf(missing))] };
}

/** Whether whoever holds the first holds all of the second. */
export function covers(held: Permissions, wanted: Iterable<string>): boolean {
  for (const permission of wanted) {
    if (held.has(permission)) continue;
    if (![...held].some((pattern) => permissionCovers(pattern, permission))) return false;
  }
  return true;
}

/** What both contain, the narrower of two wildcards counting. */
function common(one: Permissions, other: Permissions): Permissions {
  return new Set([
    ...[...one].filter((permission) => covers(other, [permission])),
    ...[...other].filter((permission) => covers(one, [permission])),
  ]);
}

function isWidestOf(all: readonly string[]): (permission: string) => boolean {
  return (permission) =>
    !all.some((other) => other !== permission && permissionCovers(other, permission));
}

/** Each role after those that it includes. */
export function includedFirst(snapshot: Snapshot, roles: readonly RoleFact[]): RoleFact[] {
  // Whatever contains a role is contained in fewer roles than that one.
  const containing = new Map(roles.map(({ id }) => [id, rolesContaining(snapshot, id).size]));
  return [...roles].sort((a, b) => (containing.get(b.id) ?? 0) - (containing.get(a.id) ?? 0));
}

/** An empty list means any type, so where nothing is common to both the witness's counts. */
function commonTypes(found: readonly string[], known: readonly string[]): readonly string[] {
  if (found.length === 0) return known;
  if (known.length === 0) return found;
  const both = found.filter((type) => known.includes(type));
  return both.length > 0 ? both : known;
}
