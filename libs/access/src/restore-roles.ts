import {
  rolePermissions,
  type Effect,
  type RoleAssignmentFact,
  type RoleFact,
  type Snapshot,
} from '@bastion/policy';
import { commonTo, covers, lackingIn, type Permissions } from './restore-permissions.js';
import type { Histories } from './restore-union.js';
import { rolesContaining } from './role-graph.js';

type ContentOf = (roleId: string) => Permissions;

/**
 * The roles after the restore, whose assignments are given. Ended roles go, but for those that are
 * still denied to somebody. Roles that the owner lacks come back for the denies by them.
 */
export function restoreRoles(
  histories: Histories,
  assignments: readonly RoleAssignmentFact[],
): RoleFact[] {
  const { owner, witness, union } = histories;
  const denies = assignments.filter(({ effect }) => effect === 'DENY');
  const denied = new Set(denies.map(({ roleId }) => roleId));
  const contentOf = contentsAfter(histories, assignments);
  const kept = owner.facts().roles.filter(({ id }) => union.role(id) ?? denied.has(id));
  const remade = witness.facts().roles.filter(({ id }) => !owner.role(id) && denied.has(id));
  return [
    ...kept.map((role) => strictest(role, union, contentOf)),
    ...remade.map((role) => {
      return { ...role, permissions: [...rolePermissions(witness, role.id)], includes: [] };
    }),
  ];
}

/**
 * What each role shall contain. Where the owner and the union differ, the use of the role decides,
 * for what narrows a grant narrows a deny too: a role that is only granted contains what both
 * contain; one that is only denied what either contains; one that is both exactly what it contains
 * in the union, as anything else would let somebody have more than that.
 */
function contentsAfter(
  { owner, union }: Histories,
  assignments: readonly RoleAssignmentFact[],
): ContentOf {
  // The grants of the union, not only those that are left: one that somebody gives again later must
  // not find a role that was widened for a deny.
  const granted = usedBy('ALLOW', union.facts().assignments, union);
  const denied = usedBy('DENY', assignments, union);
  const contents = new Map<string, Permissions>();
  const contentOf = (id: string): Permissions => {
    const found = rolePermissions(owner, id);
    const bound = rolePermissions(union, id);
    if (!denied.has(id)) return commonTo(found, bound);
    return granted.has(id) ? bound : new Set([...found, ...bound]);
  };
  return (id) => {
    const content = contents.get(id) ?? contentOf(id);
    contents.set(id, content);
    return content;
  };
}

/** The roles that such assignments use, by themselves and through inclusion in the union. */
function usedBy(
  effect: Effect,
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
 * The owner's role with the content that it shall have, as little changed as can be: an included
 * role that would bring in too much goes, and so does one that has ended and is kept for a deny alone;
 * what is then lacking is written out.
 *
 * INVARIANT: no role comes to include what it did not include at the owner, so no cycle arises.
 */
function strictest(found: RoleFact, union: Snapshot, contentOf: ContentOf): RoleFact {
  const known = union.role(found.id);
  const content = contentOf(found.id);
  const includes = found.includes.filter(
    (id) => known?.includes.includes(id) && union.role(id) && covers(content, contentOf(id)),
  );
  const permissions = found.permissions.filter((permission) => covers(content, [permission]));
  const there = new Set([...permissions, ...includes.flatMap((id) => [...contentOf(id)])]);
  return {
    ...found,
    permissions: [...permissions, ...lackingIn(there, content)],
    includes,
    assignableOn: known ? commonTypes(found.assignableOn, known.assignableOn) : found.assignableOn,
    privileged: found.privileged || known?.privileged === true,
    // Denies pass through every cut in any case, so this is about grants alone.
    piercing: found.piercing && known?.piercing === true,
  };
}

/** An empty list means any type, so where nothing is common to both the witness's counts. */
function commonTypes(found: readonly string[], known: readonly string[]): readonly string[] {
  if (found.length === 0) return known;
  if (known.length === 0) return found;
  const both = found.filter((type) => known.includes(type));
  return both.length > 0 ? both : known;
}

/** Each role after those that it includes. */
export function includedFirst(snapshot: Snapshot, roles: readonly RoleFact[]): RoleFact[] {
  // Whatever contains a role is contained in fewer roles than that one.
  const containing = new Map(roles.map(({ id }) => [id, rolesContaining(snapshot, id).size]));
  return [...roles].sort((a, b) => (containing.get(b.id) ?? 0) - (containing.get(a.id) ?? 0));
}
