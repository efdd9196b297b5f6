import { Conditions } from './conditions/conditions.js';
import { EVERYONE } from './everyone.js';
import type {
  GroupFact,
  MembershipFact,
  PrincipalFact,
  ResourceFact,
  RoleAssignmentFact,
  ScopeFact,
  TenantFact,
  TenantFacts,
} from './facts.js';
import {
  ASSIGNMENTS,
  GROUPS,
  MEMBERSHIPS,
  principalKindOf,
  PRINCIPALS,
  RESOURCES,
  SCOPES,
} from './layouts.js';
import { Roles } from './roles.js';
import { FACTS_PER_STEP, type Steps } from './steps.js';
import { FactTable, type Layout } from './tables/fact-table.js';
import { NOTHING } from './tables/hash-pages.js';
import { Holders } from './tables/holders.js';
import { Names } from './tables/names.js';

/** What a snapshot is made of: every fact of a tenant, found by whatever a decision looks it up by. */
export interface TenantTables {
  readonly lineage: TenantLineage;
  readonly tenant: TenantFact;
  readonly principals: FactTable<PrincipalFact>;
  readonly livingPrincipals: number;
  readonly groups: FactTable<GroupFact>;
  readonly memberships: FactTable<MembershipFact>;
  readonly scopes: FactTable<ScopeFact>;
  readonly resources: FactTable<ResourceFact>;
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
  readonly conditions: Conditions;
  /** Of the group Everyone. */
  readonly everyoneId: number;
}

/** The holders of what a row of `principals` holds; of what anything else does, without a row (NOTHING). */
export function startHolders(
  { memberships, groups, principals, lineage }: TenantTables,
  memberId: number,
  row: number,
): Holders {
  const { holders, everyoneId } = lineage;
  const isUser = row !== NOTHING && principalKindOf(principals.relation, row) === 'USER';
  holders.start(memberships.relation, groups.relation, memberId, isUser ? everyoneId : -1);
  return holders;
}

export function isLiving({ status }: PrincipalFact): boolean {
  return status !== 'DEPROVISIONED' && status !== 'ERASED';
}

/** Of two facts with the same identity the later counts. */
export function* tablesOf(facts: TenantFacts): Steps<TenantTables> {
  const names = new Names();
  const conditions = new Conditions(names);
  const everyoneId = names.intern(EVERYONE);
  const holders = new Holders();
  const lineage: TenantLineage = { names, nextEdit: 1, holders, conditions, everyoneId };
  const edit = lineage.nextEdit++;
  const fill = function* <Fact>(layout: Layout<Fact>, of: readonly Fact[]) {
    const table = FactTable.empty(layout, names, edit);
    for (const [index, fact] of of.entries()) {
      table.put(fact, edit);
      if (index % FACTS_PER_STEP === FACTS_PER_STEP - 1) yield;
    }
    return table;
  };
  const principals = yield* fill(PRINCIPALS, facts.principals);
  return {
    lineage,
    tenant: facts.tenant,
    principals,
    livingPrincipals: principals.values().filter(isLiving).length,
    groups: yield* fill(GROUPS, facts.groups),
    memberships: yield* fill(MEMBERSHIPS, facts.memberships),
    scopes: yield* fill(SCOPES, facts.scopes),
    resources: yield* fill(RESOURCES, facts.resources),
    roles: Roles.of(names, facts.roles),
    assignments: yield* fill(ASSIGNMENTS, facts.assignments),
  };
}
