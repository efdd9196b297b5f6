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
import { groupsContaining } from './group-closure.js';
import { NO_PARENT, type Indexes } from './indexes.js';
import { valuesBelow } from './persistent-index.js';
import type { Snapshot } from './snapshot.js';

/** The one implementation of `Snapshot`. */
export class IndexedSnapshot implements Snapshot {
  readonly #indexes: Indexes;

  constructor(indexes: Indexes) {
    this.#indexes = indexes;
  }

  /**
   * The indexes behind a snapshot, for what decides and applies.
   * Throws a TypeError for an object that only looks like a snapshot.
   */
  static indexesOf(snapshot: Snapshot): Indexes {
    if (!(snapshot instanceof IndexedSnapshot)) {
      throw new TypeError('a snapshot comes from buildSnapshot or applyEvents');
    }
    return snapshot.#indexes;
  }

  get tenant(): TenantFact {
    return this.#indexes.tenant;
  }

  facts(): TenantFacts {
    const { tenant, principals, groups, membersByGroup, scopes, roles, assignments } =
      this.#indexes;
    return {
      tenant,
      principals: principals.values().sort(byId),
      groups: groups.values().sort(byId),
      memberships: membersByGroup
        .values()
        .flatMap((members) => valuesBelow(members))
        .sort(byGroupMemberSource),
      scopes: scopes.values().sort(byId),
      roles: roles.values().sort(byId),
      assignments: assignments.values().sort(byId),
    };
  }

  principal(id: string): PrincipalFact | undefined {
    return this.#indexes.principals.get(id);
  }

  principalBySubject(subject: string): PrincipalFact | undefined {
    const living = this.#indexes.livingBySubject.get(subject);
    // INVARIANT: two people behind one subject are nobody, never the first of them.
    return living?.size === 1 ? living.values()[0] : undefined;
  }

  principals(): Iterable<PrincipalFact> {
    return this.#indexes.principals.values();
  }

  group(id: string): GroupFact | undefined {
    return this.#indexes.groups.get(id);
  }

  groups(): Iterable<GroupFact> {
    return this.#indexes.groups.values();
  }

  membership({
    groupId,
    memberId,
    source,
  }: Pick<MembershipFact, 'groupId' | 'memberId' | 'source'>): MembershipFact | undefined {
    return this.#indexes.membersByGroup.get(groupId)?.get(memberId)?.get(source);
  }

  membersOf(groupId: string): readonly MembershipFact[] {
    return valuesBelow(this.#indexes.membersByGroup.get(groupId));
  }

  membershipsOf(memberId: string): readonly MembershipFact[] {
    return valuesBelow(this.#indexes.groupsByMember.get(memberId));
  }

  groupsContaining(memberId: string): ReadonlySet<string> {
    return groupsContaining(this.#indexes, memberId);
  }

  scope(id: string): ScopeFact | undefined {
    return this.#indexes.scopes.get(id);
  }

  rootScope(): ScopeFact | undefined {
    return this.childrenOf(NO_PARENT)[0];
  }

  childrenOf(scopeId: string): readonly ScopeFact[] {
    return this.#indexes.scopesByParent.get(scopeId)?.values() ?? [];
  }

  role(id: string): RoleFact | undefined {
    return this.#indexes.roles.get(id);
  }

  roles(): Iterable<RoleFact> {
    return this.#indexes.roles.values();
  }

  assignment(id: string): RoleAssignmentFact | undefined {
    return this.#indexes.assignments.get(id);
  }

  assignmentsOf(granteeId: string): readonly RoleAssignmentFact[] {
    return this.#indexes.assignmentsByGrantee.get(granteeId)?.values() ?? [];
  }

  assignmentsOn(scopeId: string): readonly RoleAssignmentFact[] {
    return valuesBelow(this.#indexes.assignmentsByScope.get(scopeId));
  }

  assignmentsOfRole(roleId: string): readonly RoleAssignmentFact[] {
    return this.#indexes.assignmentsByRole.get(roleId)?.values() ?? [];
  }
}

/** By code units, never by locale: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compare(a.id, b.id);
}

function byGroupMemberSource(a: MembershipFact, b: MembershipFact): number {
  return (
    compare(a.groupId, b.groupId) || compare(a.memberId, b.memberId) || compare(a.source, b.source)
  );
}
