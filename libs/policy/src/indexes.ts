import type {
  GroupFact,
  MembershipFact,
  PrincipalFact,
  RoleAssignmentFact,
  RoleFact,
  ScopeFact,
  TenantFact,
  TenantFacts,
} from './facts.js';
import {
  deepIndexOf,
  dropFromDeepIndex,
  dropFromIndex,
  indexOf,
  mapOf,
  putInDeepIndex,
  putInIndex,
  type DeepPersistentIndex,
  type PersistentIndex,
} from './persistent-index.js';
import type { PersistentMap } from './persistent-map.js';

/**
 * What a snapshot is made of: every fact by its id and by whatever a decision or a plan looks it up
 * by. A new index is added here, in `indexFacts`, and in the `put…` and `drop…` of its facts.
 */
export interface Indexes {
  readonly tenant: TenantFact;
  readonly principals: PersistentMap<PrincipalFact>;
  /** subject → principal → living principal. More than one is a broken invariant. */
  readonly livingBySubject: PersistentIndex<PrincipalFact>;
  readonly groups: PersistentMap<GroupFact>;
  /** group → member → source. */
  readonly membersByGroup: DeepPersistentIndex<MembershipFact>;
  /** member → group → source: a pair lasts while one source holds it. */
  readonly groupsByMember: DeepPersistentIndex<MembershipFact>;
  readonly scopes: PersistentMap<ScopeFact>;
  /** parent (NO_PARENT for the root) → child. */
  readonly scopesByParent: PersistentIndex<ScopeFact>;
  readonly roles: PersistentMap<RoleFact>;
  /** Memo of `permissionsOfRole`, filled on demand. INVARIANT: a fresh one for changed `roles`. */
  readonly permissionsByRole: Map<string, ReadonlySet<string>>;
  readonly assignments: PersistentMap<RoleAssignmentFact>;
  readonly assignmentsByGrantee: PersistentIndex<RoleAssignmentFact>;
  /** scope → grantee → assignment: what a decision looks up. */
  readonly assignmentsByScope: DeepPersistentIndex<RoleAssignmentFact>;
  readonly assignmentsByRole: PersistentIndex<RoleAssignmentFact>;
}

/** Stands for the root's parent in `scopesByParent`; no id is empty. */
export const NO_PARENT = '';

/** Of two facts with the same identity the later counts. */
export function indexFacts(facts: TenantFacts): Indexes {
  const principals = mapOf(facts.principals, idOf);
  const scopes = mapOf(facts.scopes, idOf);
  const assignments = mapOf(facts.assignments, idOf);
  return {
    tenant: facts.tenant,
    principals,
    livingBySubject: indexOf(principals.values().filter(isLiving), (p) => p.subject, idOf),
    groups: mapOf(facts.groups, idOf),
    membersByGroup: deepIndexOf(facts.memberships, groupOf, memberOf, sourceOf),
    groupsByMember: deepIndexOf(facts.memberships, memberOf, groupOf, sourceOf),
    scopes,
    scopesByParent: indexOf(scopes.values(), parentOf, idOf),
    roles: mapOf(facts.roles, idOf),
    permissionsByRole: new Map(),
    assignments,
    assignmentsByGrantee: indexOf(assignments.values(), (a) => a.granteeId, idOf),
    assignmentsByScope: deepIndexOf(
      assignments.values(),
      (a) => a.scopeId,
      (a) => a.granteeId,
      idOf,
    ),
    assignmentsByRole: indexOf(assignments.values(), (a) => a.roleId, idOf),
  };
}

export function putPrincipal(indexes: Indexes, principal: PrincipalFact): Indexes {
  const { id, subject } = principal;
  const old = indexes.principals.get(id);
  let { livingBySubject } = indexes;
  if (old !== undefined) livingBySubject = dropFromIndex(livingBySubject, old.subject, id);
  if (isLiving(principal)) livingBySubject = putInIndex(livingBySubject, subject, id, principal);
  return { ...indexes, principals: indexes.principals.set(id, principal), livingBySubject };
}

export function putGroup(indexes: Indexes, group: GroupFact): Indexes {
  return { ...indexes, groups: indexes.groups.set(group.id, group) };
}

export function dropGroup(indexes: Indexes, groupId: string): Indexes {
  return { ...indexes, groups: indexes.groups.delete(groupId) };
}

export function putMembership(indexes: Indexes, membership: MembershipFact): Indexes {
  const { groupId, memberId, source } = membership;
  return {
    ...indexes,
    membersByGroup: putInDeepIndex(indexes.membersByGroup, groupId, memberId, source, membership),
    groupsByMember: putInDeepIndex(indexes.groupsByMember, memberId, groupId, source, membership),
  };
}

export function dropMembership(indexes: Indexes, membership: MembershipFact): Indexes {
  const { groupId, memberId, source } = membership;
  return {
    ...indexes,
    membersByGroup: dropFromDeepIndex(indexes.membersByGroup, groupId, memberId, source),
    groupsByMember: dropFromDeepIndex(indexes.groupsByMember, memberId, groupId, source),
  };
}

export function putScope(indexes: Indexes, scope: ScopeFact): Indexes {
  const { scopes, scopesByParent, ...others } = dropScope(indexes, scope.id);
  return {
    ...others,
    scopes: scopes.set(scope.id, scope),
    scopesByParent: putInIndex(scopesByParent, parentOf(scope), scope.id, scope),
  };
}

export function dropScope(indexes: Indexes, scopeId: string): Indexes {
  const old = indexes.scopes.get(scopeId);
  if (old === undefined) return indexes;
  return {
    ...indexes,
    scopes: indexes.scopes.delete(scopeId),
    scopesByParent: dropFromIndex(indexes.scopesByParent, parentOf(old), scopeId),
  };
}

export function putRole(indexes: Indexes, role: RoleFact): Indexes {
  return { ...indexes, roles: indexes.roles.set(role.id, role), permissionsByRole: new Map() };
}

export function dropRole(indexes: Indexes, roleId: string): Indexes {
  return { ...indexes, roles: indexes.roles.delete(roleId), permissionsByRole: new Map() };
}

export function putAssignment(indexes: Indexes, assignment: RoleAssignmentFact): Indexes {
  const { assignments, assignmentsByGrantee, assignmentsByScope, assignmentsByRole, ...others } =
    dropAssignment(indexes, assignment.id);
  const { id, granteeId, roleId, scopeId } = assignment;
  return {
    ...others,
    assignments: assignments.set(id, assignment),
    assignmentsByGrantee: putInIndex(assignmentsByGrantee, granteeId, id, assignment),
    assignmentsByScope: putInDeepIndex(assignmentsByScope, scopeId, granteeId, id, assignment),
    assignmentsByRole: putInIndex(assignmentsByRole, roleId, id, assignment),
  };
}

export function dropAssignment(indexes: Indexes, assignmentId: string): Indexes {
  const old = indexes.assignments.get(assignmentId);
  if (old === undefined) return indexes;
  const { id, granteeId, roleId, scopeId } = old;
  return {
    ...indexes,
    assignments: indexes.assignments.delete(id),
    assignmentsByGrantee: dropFromIndex(indexes.assignmentsByGrantee, granteeId, id),
    assignmentsByScope: dropFromDeepIndex(indexes.assignmentsByScope, scopeId, granteeId, id),
    assignmentsByRole: dropFromIndex(indexes.assignmentsByRole, roleId, id),
  };
}

function isLiving({ status }: PrincipalFact): boolean {
  return status !== 'DEPROVISIONED' && status !== 'ERASED';
}

function idOf(fact: { readonly id: string }): string {
  return fact.id;
}

function groupOf({ groupId }: MembershipFact): string {
  return groupId;
}

function memberOf({ memberId }: MembershipFact): string {
  return memberId;
}

function sourceOf({ source }: MembershipFact): string {
  return source;
}

function parentOf({ parentId }: ScopeFact): string {
  return parentId ?? NO_PARENT;
}
