import { EVERYONE } from '@bastion/policy';

/**
 * A tenant as plain lists, and what is allowed in it, said as the design says it: over everything, with
 * no index and no shortcut. Shares no code with what it judges.
 */
export interface Company {
  readonly principals: readonly Principal[];
  /** Without Everyone. */
  readonly groups: readonly string[];
  readonly memberships: readonly { readonly groupId: string; readonly memberId: string }[];
  readonly scopes: readonly Scope[];
  readonly resources: readonly Resource[];
  readonly roles: readonly Role[];
  readonly assignments: readonly Assignment[];
}

export interface Principal {
  readonly id: string;
  readonly status: 'INVITED' | 'ACTIVE' | 'SUSPENDED' | 'DEPROVISIONED';
}

export interface Scope {
  readonly id: string;
  readonly parentId: string | null;
  readonly type: string;
  readonly inheritsAccess: boolean;
}

export interface Resource {
  /** `type:id`. */
  readonly key: string;
  readonly scopeId: string;
}

export interface Role {
  readonly id: string;
  readonly builtIn: boolean;
  readonly permissions: readonly string[];
  readonly includes: readonly string[];
  readonly assignableOn: readonly string[];
  readonly piercing: boolean;
}

export interface Assignment {
  readonly id: string;
  readonly granteeId: string;
  readonly roleId: string;
  /** A scope, or the key of a resource. */
  readonly placeId: string;
  readonly reach: 'SELF' | 'SUBTREE';
  readonly effect: 'ALLOW' | 'DENY';
  /** Whether it ends one day, long after this test. */
  readonly ends: boolean;
}

/** The present, and a day when everything that ends has ended. */
export const ERAS = ['NOW', 'AFTER'] as const;
export type Era = (typeof ERAS)[number];

/** Whether a check is allowed. A place is a scope or a registered resource. */
export function allows(
  company: Company,
  principalId: string,
  permission: string,
  placeId: string,
  era: Era = 'NOW',
): boolean {
  const principal = company.principals.find(({ id }) => id === principalId);
  if (principal?.status !== 'ACTIVE' || !isPlace(company, placeId)) return false;
  const askers = [principalId, ...groupsAround(company, principalId)];
  const counting = company.assignments.filter(
    (assignment) =>
      askers.includes(assignment.granteeId) &&
      (era === 'NOW' || !assignment.ends) &&
      permissionsOf(company, assignment.roleId).some((held) => covers(held, permission)) &&
      reaches(company, assignment, placeId),
  );
  return (
    counting.some(({ effect }) => effect === 'ALLOW') &&
    !counting.some(({ effect }) => effect === 'DENY')
  );
}

export function isPlace({ scopes, resources }: Company, placeId: string): boolean {
  return scopes.some(({ id }) => id === placeId) || resources.some(({ key }) => key === placeId);
}

/** Every group that somebody is in, through any nesting; every user is in Everyone. */
export function groupsAround({ principals, memberships }: Company, memberId: string): string[] {
  const found = principals.some(({ id }) => id === memberId) ? [EVERYONE] : [];
  const look = (id: string): void => {
    for (const { groupId } of memberships.filter((membership) => membership.memberId === id)) {
      if (found.includes(groupId)) continue;
      found.push(groupId);
      look(groupId);
    }
  };
  look(memberId);
  return found;
}

/** What a role permits, with what it includes. */
export function permissionsOf(company: Company, roleId: string, seen: string[] = []): string[] {
  const role = company.roles.find(({ id }) => id === roleId);
  if (!role || seen.includes(roleId)) return [];
  const included = role.includes.flatMap((id) => permissionsOf(company, id, [...seen, roleId]));
  return [...role.permissions, ...included];
}

function covers(held: string, asked: string): boolean {
  const [type] = asked.split(':');
  return held === '*' || held === asked || held === `${type}:*`;
}

/** From the place upwards: to the assignment's, past no cut that it does not pass. */
function reaches(company: Company, assignment: Assignment, placeId: string): boolean {
  if (assignment.placeId === placeId) return true;
  if (assignment.reach === 'SELF') return false;
  const passesCuts =
    assignment.effect === 'DENY' ||
    company.roles.some(({ id, piercing }) => id === assignment.roleId && piercing);
  const resource = company.resources.find(({ key }) => key === placeId);
  if (resource) return reaches(company, assignment, resource.scopeId);
  const scope = company.scopes.find(({ id }) => id === placeId);
  if (!scope || scope.parentId === null || !(scope.inheritsAccess || passesCuts)) return false;
  return reaches(company, assignment, scope.parentId);
}

/** A scope and all below it. */
export function subtreeOf({ scopes }: Company, scopeId: string): string[] {
  const below = scopes.filter(({ parentId }) => parentId === scopeId);
  return [scopeId, ...below.flatMap(({ id }) => subtreeOf({ scopes } as Company, id))];
}
