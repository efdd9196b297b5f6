import {
  EVERYONE,
  type MembershipFact,
  type ResourceFact,
  type RoleFact,
  type ScopeFact,
  type TenantFacts,
} from '@bastion/policy';
import { ARBITRARY_IDS, arbitraryTenant } from '@bastion/testing';
import fc, { type Arbitrary } from 'fast-check';
import type { WitnessedEnds } from '../src/index.js';

type Link = readonly [string, string];

/** What happens to a tenant, fact by fact and without asking anybody. */
export interface TenantPatch {
  /** Where changed and new facts come from. */
  readonly other: TenantFacts;
  /** One roll for each decision on a fact, over and over. */
  readonly rolls: readonly number[];
  readonly nestings: readonly Link[];
  readonly moves: readonly Link[];
  readonly inclusions: readonly Link[];
}

export function arbitraryPatch(): Arbitrary<TenantPatch> {
  const { groups, scopes, roles } = ARBITRARY_IDS;
  const link = (ids: readonly string[]): Arbitrary<Link> =>
    fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids));
  return fc.record({
    other: arbitraryTenant(),
    rolls: fc.array(fc.nat({ max: 99 }), { minLength: 17, maxLength: 17 }),
    nestings: fc.array(link(groups), { maxLength: 3 }),
    moves: fc.array(link(scopes), { maxLength: 3 }),
    inclusions: fc.array(link(roles), { maxLength: 2 }),
  });
}

/** The tenant with the patch applied, as valid as the rules for writing leave it. */
export function patched(facts: TenantFacts, patch: TenantPatch, timeline: string): TenantFacts {
  const other = renamed(patch.other, timeline);
  let rolled = 0;
  const roll = (): number => patch.rolls[rolled++ % patch.rolls.length] ?? 0;
  const isKept = (): boolean => roll() < 80;
  const merge = <F>(found: readonly F[], others: readonly F[], keyOf: (fact: F) => string): F[] => {
    const byKey = new Map(found.filter(isKept).map((fact) => [keyOf(fact), fact]));
    const known = new Set(found.map(keyOf));
    for (const fact of others) {
      const key = keyOf(fact);
      // A fact that was there changes now and then; one that was not comes oftener.
      if (known.has(key) ? byKey.has(key) && roll() < 30 : roll() < 60) byKey.set(key, fact);
    }
    return [...byKey.values()];
  };
  const ended = new Set(facts.principals.filter(hasEnded).map(({ id }) => id));
  return valid({
    tenant: other.tenant,
    // Principals never go, and the ended never return.
    principals: facts.principals.map(
      (found) =>
        other.principals.find(({ id }) => id === found.id && !ended.has(id) && roll() < 40) ??
        found,
    ),
    groups: merge(facts.groups, other.groups, idOf),
    memberships: merge(
      facts.memberships,
      [...other.memberships, ...patch.nestings.map(nesting)],
      keyOfMembership,
    ),
    scopes: moved(merge(facts.scopes, other.scopes, idOf), patch.moves),
    resources: merge(facts.resources, other.resources, keyOfResource),
    roles: including(merge(facts.roles, other.roles, idOf), patch.inclusions),
    assignments: merge(facts.assignments, other.assignments, idOf),
  });
}

export function endsBetween(forked: TenantFacts, later: TenantFacts): WitnessedEnds {
  const ended = (kind: 'assignments' | 'scopes' | 'groups' | 'roles'): ReadonlySet<string> => {
    const left = new Set(later[kind].map(idOf));
    return new Set(forked[kind].map(idOf).filter((id) => !left.has(id)));
  };
  const left = new Set(later.memberships.map(keyOfMembership));
  return {
    assignmentIds: ended('assignments'),
    memberships: forked.memberships.filter((fact) => !left.has(keyOfMembership(fact))),
    scopeIds: ended('scopes'),
    resourceKeys: new Set(
      forked.resources
        .map(keyOfResource)
        .filter((key) => !later.resources.some((left) => keyOfResource(left) === key)),
    ),
    groupIds: ended('groups'),
    roleIds: ended('roles'),
  };
}

/** With ids of this timeline alone for all assignments, and for some of what they hang on. */
function renamed(facts: TenantFacts, timeline: string): TenantFacts {
  const text = JSON.stringify(facts).replaceAll(
    /"(a\d+|s5|s4|g3|g2|r3|r2)"/g,
    (_, id: string) => `"${timeline}-${id}"`,
  );
  return JSON.parse(text) as TenantFacts;
}

function keyOfResource({ type, id }: ResourceFact): string {
  return `${type}:${id}`;
}

function nesting([memberId, groupId]: Link): MembershipFact {
  return { groupId, memberKind: 'GROUP', memberId, source: 'manual' };
}

function moved(scopes: readonly ScopeFact[], moves: readonly Link[]): ScopeFact[] {
  const parents = new Map(moves);
  return scopes.map((scope) => ({ ...scope, parentId: parents.get(scope.id) ?? scope.parentId }));
}

function including(roles: readonly RoleFact[], inclusions: readonly Link[]): RoleFact[] {
  return roles.map((role) => ({
    ...role,
    includes: [
      ...new Set([
        ...role.includes,
        ...inclusions.filter(([id]) => id === role.id).map(([, included]) => included),
      ]),
    ],
  }));
}

/** Drops what dangles or closes a cycle. What is moved nowhere goes under the root. */
export function valid(facts: TenantFacts): TenantFacts {
  const rootId = ARBITRARY_IDS.scopes[0];
  const ids = (all: readonly { readonly id: string }[]): ReadonlySet<string> =>
    new Set(all.map(idOf));
  const scopeIds = ids(facts.scopes).has(rootId)
    ? ids(facts.scopes)
    : new Set([rootId, ...ids(facts.scopes)]);
  const roleIds = ids(facts.roles);
  const groupIds = ids(facts.groups);
  const grantees = new Set([...groupIds, ...ids(facts.principals.filter((p) => !hasEnded(p)))]);
  const root = { id: rootId, parentId: null, type: 'tenant', inheritsAccess: true };
  const resources = facts.resources.filter(({ scopeId }) => scopeIds.has(scopeId));
  const placeIds = new Set([...scopeIds, ...resources.map(keyOfResource)]);
  const under = acyclic();
  const within = acyclic();
  const includes = acyclic();
  return {
    ...facts,
    memberships: facts.memberships.filter(
      ({ groupId, memberId, memberKind }) =>
        groupIds.has(groupId) &&
        grantees.has(memberId) &&
        (memberKind !== 'GROUP' || within(memberId, groupId)),
    ),
    scopes: [
      root,
      ...facts.scopes
        .filter(({ id }) => id !== rootId)
        .map((scope) => {
          const parentId = scope.parentId ?? rootId;
          const isPlaced = scopeIds.has(parentId) && under(scope.id, parentId);
          return { ...scope, parentId: isPlaced ? parentId : rootId };
        }),
    ],
    roles: facts.roles.map((role) => ({
      ...role,
      includes: role.includes.filter((id) => roleIds.has(id) && includes(role.id, id)),
    })),
    resources,
    assignments: distinct(
      facts.assignments.filter(
        ({ granteeId, roleId, scopeId }) =>
          (granteeId === EVERYONE || grantees.has(granteeId)) &&
          roleIds.has(roleId) &&
          placeIds.has(scopeId),
      ),
    ),
  };
}

/** No two assignments agree in all but their id and validity. */
export function distinct(assignments: TenantFacts['assignments']): TenantFacts['assignments'] {
  const byContent = new Map(
    assignments.map((fact) => [
      JSON.stringify([
        fact.granteeId,
        fact.roleId,
        fact.scopeId,
        fact.reach,
        fact.effect,
        fact.source,
      ]),
      fact,
    ]),
  );
  return [...byContent.values()];
}

/** Says of one edge after the other whether it closes no cycle with those before it. */
function acyclic(): (from: string, to: string) => boolean {
  const edges: Link[] = [];
  const leads = (from: string, to: string): boolean =>
    from === to || edges.some(([start, end]) => start === from && leads(end, to));
  return (from, to) => {
    if (leads(to, from)) return false;
    edges.push([from, to]);
    return true;
  };
}

function hasEnded({ status }: TenantFacts['principals'][number]): boolean {
  return status === 'DEPROVISIONED' || status === 'ERASED';
}

function idOf({ id }: { readonly id: string }): string {
  return id;
}

function keyOfMembership({ groupId, memberId, source }: MembershipFact): string {
  return JSON.stringify([groupId, memberId, source]);
}
