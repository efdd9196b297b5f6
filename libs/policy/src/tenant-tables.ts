import type {
  GroupFact,
  MembershipFact,
  PrincipalFact,
  RoleAssignmentFact,
  ScopeFact,
  TenantFact,
  TenantFacts,
} from './facts.js';
import { ASSIGNMENTS, GROUPS, MEMBERSHIPS, PRINCIPALS, SCOPES } from './layouts.js';
import { Roles } from './roles.js';
import { FactTable } from './tables/fact-table.js';
import { Holders } from './tables/holders.js';
import { Names } from './tables/names.js';

/** What a snapshot is made of: every fact of a tenant, found by whatever a decision looks it up by. */
export interface TenantTables {
  readonly lineage: TenantLineage;
  readonly tenant: TenantFact;
  readonly principals: FactTable<PrincipalFact>;
  readonly groups: FactTable<GroupFact>;
  readonly memberships: FactTable<MembershipFact>;
  readonly scopes: FactTable<ScopeFact>;
  readonly roles: Roles;
  readonly assignments: FactTable<RoleAssignmentFact>;
}

/** What all versions of a tenant have in common. Nothing in it changes an answer of any of them. */
export interface TenantLineage {
  readonly names: Names;
  /** Every change has a number of its own, and so knows which pages it may write to. */
  nextEdit: number;
  /** For one question at a time: a decision never stops half-way. */
  readonly holders: Holders;
}

/** Of two facts with the same identity the later counts. */
export function tablesOf(facts: TenantFacts): TenantTables {
  const lineage: TenantLineage = { names: new Names(), nextEdit: 1, holders: new Holders() };
  const { names } = lineage;
  const edit = lineage.nextEdit++;
  const fill = <Fact>(table: FactTable<Fact>, of: readonly Fact[]): FactTable<Fact> => {
    for (const fact of of) table.put(fact, edit);
    return table;
  };
  return {
    lineage,
    tenant: facts.tenant,
    principals: fill(FactTable.empty(PRINCIPALS, names, edit), facts.principals),
    groups: fill(FactTable.empty(GROUPS, names, edit), facts.groups),
    memberships: fill(FactTable.empty(MEMBERSHIPS, names, edit), facts.memberships),
    scopes: fill(FactTable.empty(SCOPES, names, edit), facts.scopes),
    roles: Roles.of(names, facts.roles),
    assignments: fill(FactTable.empty(ASSIGNMENTS, names, edit), facts.assignments),
  };
}
