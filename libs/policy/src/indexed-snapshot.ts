import type {
  GroupFact,
  MembershipFact,
  PrincipalFact,
  PrincipalKind,
  ResourceFact,
  ResourceReference,
  RoleAssignmentFact,
  RoleFact,
  ScopeFact,
  TenantFact,
  TenantFacts,
} from './facts.js';
import {
  ASSIGNMENTS,
  membershipKey,
  MEMBERSHIPS,
  principalKindOf,
  PRINCIPALS,
  RESOURCES,
  SCOPES,
} from './layouts.js';
import { resourceKey } from './resource-key.js';
import type { Snapshot } from './snapshot.js';
import { NOTHING } from './tables/hash-pages.js';
import type { TenantSize } from './tenant-size.js';
import { isLiving, startHolders, type TenantTables } from './tenant-tables.js';

/** The one implementation of `Snapshot`. */
export class IndexedSnapshot implements Snapshot {
  readonly #tables: TenantTables;

  constructor(tables: TenantTables) {
    this.#tables = tables;
  }

  /**
   * The tables behind a snapshot, for what decides and applies.
   * Throws a TypeError for an object that only looks like a snapshot.
   */
  static tablesOf(snapshot: Snapshot): TenantTables {
    if (!(snapshot instanceof IndexedSnapshot)) {
      throw new TypeError('a snapshot comes from buildSnapshot or applyEvents');
    }
    return snapshot.#tables;
  }

  get tenant(): TenantFact {
    return this.#tables.tenant;
  }

  facts(): TenantFacts {
    const { principals, groups, memberships, scopes, resources, roles, assignments } = this.#tables;
    return {
      tenant: this.#tables.tenant,
      principals: principals.values().sort(byId),
      groups: groups.values().sort(byId),
      memberships: memberships.values().sort(byGroupMemberSource),
      scopes: scopes.values().sort(byId),
      resources: resources.values().sort(byKey),
      roles: roles.values().sort(byId),
      assignments: assignments.values().sort(byId),
    };
  }

  size(): TenantSize {
    const { livingPrincipals, groups, scopes, resources, roles, assignments } = this.#tables;
    return {
      principals: livingPrincipals,
      groups: groups.relation.size,
      scopes: scopes.relation.size,
      resources: resources.relation.size,
      roles: roles.size,
      assignments: assignments.relation.size,
    };
  }

  principal(id: string): PrincipalFact | undefined {
    return this.#tables.principals.get(id);
  }

  principalKind(id: string): PrincipalKind | undefined {
    const { principals, lineage } = this.#tables;
    const row = this.#principalRow(lineage.names.idOf(id));
    return row === NOTHING ? undefined : principalKindOf(principals.relation, row);
  }

  principalBySubject(subject: string): PrincipalFact | undefined {
    const living = this.#tables.principals.by(PRINCIPALS.bySubject, subject).filter(isLiving);
    // INVARIANT: two people behind one subject are nobody, never the first of them.
    return living.length === 1 ? living[0] : undefined;
  }

  principals(): Iterable<PrincipalFact> {
    return this.#tables.principals.values();
  }

  group(id: string): GroupFact | undefined {
    return this.#tables.groups.get(id);
  }

  groups(): Iterable<GroupFact> {
    return this.#tables.groups.values();
  }

  membership(
    key: Pick<MembershipFact, 'groupId' | 'memberId' | 'source'>,
  ): MembershipFact | undefined {
    return this.#tables.memberships.get(...membershipKey(key));
  }

  membersOf(groupId: string): readonly MembershipFact[] {
    return this.#tables.memberships.by(MEMBERSHIPS.byGroup, groupId);
  }

  membershipsOf(memberId: string): readonly MembershipFact[] {
    return this.#tables.memberships.by(MEMBERSHIPS.byMember, memberId);
  }

  groupsContaining(memberId: string): ReadonlySet<string> {
    const { names } = this.#tables.lineage;
    const found = new Set<string>();
    const member = names.idOf(memberId);
    const holders = startHolders(this.#tables, member, this.#principalRow(member));
    for (let n = 1, id = holders.at(1); id !== -1; id = holders.at(++n))
      found.add(names.textOf(id));
    holders.release();
    return found;
  }

  scope(id: string): ScopeFact | undefined {
    return this.#tables.scopes.get(id);
  }

  rootScope(): ScopeFact | undefined {
    return this.#tables.scopes.byIds(SCOPES.byParent, Int32Array.of(NOTHING))[0];
  }

  childrenOf(scopeId: string): readonly ScopeFact[] {
    return this.#tables.scopes.by(SCOPES.byParent, scopeId);
  }

  resource(reference: ResourceReference): ResourceFact | undefined {
    return this.#tables.resources.get(resourceKey(reference));
  }

  resourcesIn(scopeId: string): readonly ResourceFact[] {
    return this.#tables.resources.by(RESOURCES.byScope, scopeId);
  }

  role(id: string): RoleFact | undefined {
    const { roles, lineage } = this.#tables;
    return roles.get(lineage.names.idOf(id));
  }

  roles(): Iterable<RoleFact> {
    return this.#tables.roles.values();
  }

  assignment(id: string): RoleAssignmentFact | undefined {
    return this.#tables.assignments.get(id);
  }

  assignmentsOf(granteeId: string): readonly RoleAssignmentFact[] {
    return this.#tables.assignments.by(ASSIGNMENTS.byGrantee, granteeId);
  }

  assignmentsOn(scopeId: string): readonly RoleAssignmentFact[] {
    return this.#tables.assignments.by(ASSIGNMENTS.byScope, scopeId);
  }

  assignmentsOfRole(roleId: string): readonly RoleAssignmentFact[] {
    return this.#tables.assignments.by(ASSIGNMENTS.byRole, roleId);
  }

  #principalRow(nameId: number): number {
    KEY[0] = nameId;
    return this.#tables.principals.relation.find(KEY);
  }
}

/** Room for the key of one lookup. */
const KEY = new Int32Array(1);

/** By code units, never by locale: the same order on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return compare(a.id, b.id);
}

function byKey(a: ResourceReference, b: ResourceReference): number {
  return compare(resourceKey(a), resourceKey(b));
}

function byGroupMemberSource(a: MembershipFact, b: MembershipFact): number {
  return (
    compare(a.groupId, b.groupId) || compare(a.memberId, b.memberId) || compare(a.source, b.source)
  );
}
