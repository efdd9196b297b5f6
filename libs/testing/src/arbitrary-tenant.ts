// Past 300 lines: one world of few ids, which tenants, events and requests share so that they meet; a
// generator a kind of fact, each of a few lines.
import {
  EVERYONE,
  type AccessEvent,
  type DecisionContext,
  type DecisionRequest,
  type GroupFact,
  type MembershipFact,
  type Place,
  type PrincipalFact,
  type ResourceFact,
  type ResourceReference,
  type RoleAssignmentFact,
  type RoleFact,
  type ScopeFact,
  type TenantFact,
  type TenantFacts,
} from '@bastion/policy';
import fc, { type Arbitrary } from 'fast-check';

/**
 * Tenants small enough to be thought through when a property fails, and dense enough that what is
 * in them meets: few ids, few permissions, and times that crowd around one another. Every id of a
 * kind comes from a fixed pool, so facts, events and requests made apart still speak of each other.
 */
export const ARBITRARY_IDS = {
  users: ['u0', 'u1', 'u2'],
  serviceAccounts: ['sa0'],
  groups: ['g0', 'g1', 'g2', 'g3'],
  /** `s0` is the root. */
  scopes: ['s0', 's1', 's2', 's3', 's4', 's5'],
  /** By their keys. */
  resources: ['document:d0', 'document:d:1', 'note:n0'],
  roles: ['r0', 'r1', 'r2', 'r3'],
  assignments: ['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8', 'a9', 'a10', 'a11'],
} as const;

/** True, false and not to be told, of every part of a request; the last is no condition at all. */
export const ARBITRARY_CONDITIONS = [
  'true',
  'context.mfa',
  'context.level >= 2',
  'has(context.level) && context.level > 1',
  'context.mfa == true || context.level == 2',
  'scope.type == "folder"',
  'action.permission.startsWith("document:")',
  'principal.kind == "USER" && principal.id != "u0"',
  'resource.type == "document" && resource.properties.label in ["public", context.label]',
  'resource.',
] as const;

const PERMISSIONS = ['document:read', 'document:write', 'document:*', 'user:read', '*'];
const { users, serviceAccounts, groups, scopes, resources, roles, assignments } = ARBITRARY_IDS;
const PRINCIPALS: readonly string[] = [...users, ...serviceAccounts];

/**
 * A tenant as the rules for writing leave it: no cycles, no references to what is not there, one
 * subject for one person.
 */
export function arbitraryTenant(): Arbitrary<TenantFacts> {
  return arbitraryDamagedTenant().map(repair);
}

/**
 * A tenant as no rule ever leaves it but a decision must survive: cycles of groups and roles,
 * scopes that hang on nothing or on each other, references to what is gone, shared subjects.
 */
export function arbitraryDamagedTenant(): Arbitrary<TenantFacts> {
  return fc.record({
    tenant: tenant(),
    principals: mostOf(PRINCIPALS, principal),
    groups: mostOf(groups, group),
    memberships: fc.uniqueArray(membership(), {
      maxLength: 10,
      size: 'max',
      selector: ({ groupId, memberId, source }) => [groupId, memberId, source].join(),
    }),
    scopes: mostOf(scopes, scope),
    resources: mostOf(resources, resource),
    roles: mostOf(roles, role),
    assignments: mostOf(assignments, assignment),
  });
}

/** Anything that may happen to a tenant of either kind, sense or nonsense, in any order. */
export function arbitraryEvents(): Arbitrary<AccessEvent[]> {
  return fc.array(event(), { maxLength: 12 });
}

/** A question about a tenant of either kind; now and then about what is in none. */
export function arbitraryRequest(): Arbitrary<DecisionRequest> {
  return fc.tuple(placeless(), place()).map(([question, where]) => ({ ...question, ...where }));
}

/** Scopes twice as often as resources; those with a scope that is often, but not always, theirs. */
function place(): Arbitrary<Place> {
  const scopeId = rarely('nowhere', fc.constantFrom(...scopes));
  const asked = fc.constantFrom(...resources, 'document:unheard-of').map(referenceOf);
  return fc.oneof(
    { weight: 12, arbitrary: fc.record({ scopeId }) },
    { weight: 3, arbitrary: fc.record({ resource: asked }) },
    { weight: 3, arbitrary: fc.record({ resource: asked, scopeId }) },
    { weight: 1, arbitrary: fc.constantFrom({}, { scopeId: resources[0] }) },
  );
}

function placeless(): Arbitrary<Omit<DecisionRequest, keyof Place>> {
  return fc.record({
    principalId: rarely('nobody', fc.constantFrom(...PRINCIPALS)),
    permission: rarely('user:write', fc.constantFrom(...PERMISSIONS)),
    time: fc
      .tuple(fc.integer({ min: 97, max: 103 }), fc.integer({ min: 0, max: 3 }))
      .map(([earliest, width]) => ({ earliest, latest: earliest + width })),
    context: fc.option(context(), { nil: undefined }),
  });
}

/** Much is missing, and now and then of another type than conditions expect. */
function context(): Arbitrary<DecisionContext> {
  const label = fc.constantFrom('public', 'secret');
  return fc.record(
    {
      attributes: fc.record(
        {
          mfa: rarely('yes', fc.boolean()),
          level: rarely('high', fc.integer({ min: 1, max: 3 })),
          label,
        },
        { requiredKeys: [] },
      ),
      resource: fc.record({
        type: fc.constantFrom('document', 'folder'),
        id: fc.constant('d0'),
        properties: fc.record({ label }, { requiredKeys: [] }),
      }),
    },
    { requiredKeys: [] },
  );
}

function tenant(): Arbitrary<TenantFact> {
  return fc
    .tuple(
      rarely('SUSPENDED', fc.constant('ACTIVE')),
      fc.constantFrom(
        { staleMode: 'DENY', maxStaleMs: 0 } as const,
        { staleMode: 'SERVE', maxStaleMs: 60_000 } as const,
      ),
    )
    .map(([status, stale]) => ({ status, ...stale }));
}

function principal(id: Arbitrary<string>): Arbitrary<PrincipalFact> {
  return fc
    .record({
      id,
      status: fc.oneof(
        { weight: 12, arbitrary: fc.constant('ACTIVE' as const) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('INVITED', 'SUSPENDED', 'DEPROVISIONED', 'ERASED'),
        },
      ),
      subject: fc.constantFrom('subject-0', 'subject-1', 'subject-2', 'subject-3'),
    })
    .map((fact) => ({ ...fact, kind: kindOfPrincipal(fact.id) }));
}

function kindOfPrincipal(id: string): PrincipalFact['kind'] {
  return (users as readonly string[]).includes(id) ? 'USER' : 'SERVICE_ACCOUNT';
}

function group(id: Arbitrary<string>): Arbitrary<GroupFact> {
  return fc.record({ id });
}

function membership(): Arbitrary<MembershipFact> {
  return fc
    .record({
      groupId: fc.constantFrom(...groups),
      memberId: fc.constantFrom(...PRINCIPALS, ...groups),
      source: fc.constantFrom('manual', 'scim:okta'),
    })
    .map((fact) => ({ ...fact, memberKind: kindOf(fact.memberId) }));
}

function kindOf(id: string): MembershipFact['memberKind'] {
  return PRINCIPALS.includes(id) ? kindOfPrincipal(id) : 'GROUP';
}

function scope(id: Arbitrary<string>): Arbitrary<ScopeFact> {
  return id.chain((given) => {
    const index = (scopes as readonly string[]).indexOf(given);
    return fc.record({
      id: fc.constant(given),
      parentId: index === 0 ? fc.constant(null) : parentOf(index),
      // A scope keeps its type for life.
      type: fc.constant(index === 0 ? 'tenant' : index % 2 === 0 ? 'folder' : 'workspace'),
      inheritsAccess: fc.boolean(),
    });
  });
}

/** Mostly the scope before it: deep trees meet more cuts than broad ones. */
function parentOf(index: number): Arbitrary<string> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(scopes[index - 1]!) },
    { weight: 6, arbitrary: fc.constantFrom(...scopes.slice(0, index)) },
    { weight: 1, arbitrary: fc.constantFrom(...scopes) },
  );
}

function resource(key: Arbitrary<string>): Arbitrary<ResourceFact> {
  return fc
    .tuple(key, fc.constantFrom(...scopes))
    .map(([given, scopeId]) => ({ ...referenceOf(given), scopeId }));
}

function referenceOf(key: string): ResourceReference {
  const [type = '', ...id] = key.split(':');
  return { type, id: id.join(':') };
}

function role(id: Arbitrary<string>): Arbitrary<RoleFact> {
  return fc.record({
    id,
    permissions: fc.subarray(PERMISSIONS, { minLength: 1, maxLength: 2 }),
    includes: fc.subarray([...roles], { maxLength: 2 }),
    assignableOn: fc.constant([]),
    privileged: fc.boolean(),
    piercing: fc.constantFrom(false, false, false, true),
  });
}

function assignment(id: Arbitrary<string>): Arbitrary<RoleAssignmentFact> {
  return fc
    .record({
      id,
      granteeId: fc.constantFrom(...PRINCIPALS, ...groups, EVERYONE),
      roleId: fc.constantFrom(...roles),
      scopeId: fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom(...scopes) },
        { weight: 1, arbitrary: fc.constantFrom(...resources) },
      ),
      reach: fc.constantFrom('SUBTREE' as const, 'SUBTREE' as const, 'SELF' as const),
      effect: fc.constantFrom(
        'ALLOW' as const,
        'ALLOW' as const,
        'ALLOW' as const,
        'DENY' as const,
      ),
      source: fc.constantFrom('manual', 'scim:okta'),
      validFrom: bound(),
      validUntil: bound(),
      condition: condition(),
    })
    .map((fact) => ({ ...fact, granteeKind: kindOf(fact.granteeId) }));
}

function condition(): Arbitrary<string | null> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(...ARBITRARY_CONDITIONS) },
  );
}

function bound(): Arbitrary<number | null> {
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.integer({ min: 96, max: 106 }) },
  );
}

function event(): Arbitrary<AccessEvent> {
  return fc.oneof(
    fc
      .tuple(
        fc.constantFrom(
          ['tenant-suspended', 'SUSPENDED'] as const,
          ['tenant-resumed', 'ACTIVE'] as const,
          ['tenant-stale-mode-changed', 'ACTIVE'] as const,
        ),
        tenant(),
      )
      .map(([[type, status], fact]): AccessEvent => ({ type, tenant: { ...fact, status } })),
    fc.record({
      type: fc.constantFrom('principal-created', 'principal-status-changed'),
      principal: oneOf(PRINCIPALS, principal),
    }),
    fc.record({ type: fc.constant('group-created'), group: oneOf(groups, group) }),
    fc.record({ type: fc.constant('group-deleted'), groupId: fc.constantFrom(...groups) }),
    fc.record({
      type: fc.constantFrom('member-added', 'member-removed'),
      membership: membership(),
    }),
    fc.record({
      type: fc.constantFrom('scope-created', 'scope-moved', 'scope-inheritance-changed'),
      scope: oneOf(scopes, scope),
    }),
    fc.record({ type: fc.constant('scope-deleted'), scopeId: fc.constantFrom(...scopes) }),
    fc.record({
      type: fc.constantFrom('resource-registered', 'resource-moved'),
      resource: oneOf(resources, resource),
    }),
    fc.record({
      type: fc.constant('resource-unregistered'),
      resource: fc.constantFrom(...resources).map(referenceOf),
    }),
    fc.record({ type: fc.constantFrom('role-created', 'role-changed'), role: oneOf(roles, role) }),
    fc.record({ type: fc.constant('role-retired'), roleId: fc.constantFrom(...roles) }),
    fc.record({ type: fc.constant('role-assigned'), assignment: oneOf(assignments, assignment) }),
    fc.record({
      type: fc.constant('role-unassigned'),
      assignmentId: fc.constantFrom(...assignments),
    }),
  );
}

/** A fact for most of the ids: tenants with much missing are all alike. */
function mostOf<F>(
  ids: readonly string[],
  fact: (id: Arbitrary<string>) => Arbitrary<F>,
): Arbitrary<F[]> {
  const each = ids.map((id) => fc.option(fact(fc.constant(id)), { freq: 20, nil: undefined }));
  return fc.tuple(...each).map((facts) => facts.filter((found) => found !== undefined));
}

function oneOf<F>(
  ids: readonly string[],
  fact: (id: Arbitrary<string>) => Arbitrary<F>,
): Arbitrary<F> {
  return fact(fc.constantFrom(...ids));
}

function rarely<const A, const B>(exception: A, rule: Arbitrary<B>): Arbitrary<A | B> {
  return fc.oneof(
    { weight: 19, arbitrary: rule },
    { weight: 1, arbitrary: fc.constant(exception) },
  );
}

/** Adds the root, drops what dangles, and lets what nests refer to lower ids only. */
function repair(facts: TenantFacts): TenantFacts {
  const root = { id: scopes[0], parentId: null, type: 'tenant', inheritsAccess: true };
  const tree = facts.scopes
    .filter(({ id }) => id !== root.id)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .reduce<ScopeFact[]>(
      (kept, fact) => (kept.some(({ id }) => id === fact.parentId) ? [...kept, fact] : kept),
      [root],
    );
  const registered = facts.resources.filter(({ scopeId }) => tree.some(({ id }) => id === scopeId));
  const places = [...tree, ...registered.map(({ type, id }) => ({ id: `${type}:${id}` }))];
  const has = (all: readonly { readonly id: string }[], id: string): boolean =>
    all.some((fact) => fact.id === id);
  const isMember = (id: string): boolean => has(facts.principals, id) || has(facts.groups, id);
  const isGrantee = (id: string): boolean => id === EVERYONE || isMember(id);
  return {
    ...facts,
    principals: facts.principals.map((fact) => ({ ...fact, subject: `subject-${fact.id}` })),
    memberships: facts.memberships.filter(
      ({ groupId, memberId, memberKind }) =>
        has(facts.groups, groupId) &&
        isMember(memberId) &&
        (memberKind !== 'GROUP' || memberId < groupId),
    ),
    scopes: tree,
    resources: registered,
    roles: facts.roles.map((fact) => ({
      ...fact,
      includes: fact.includes.filter((id) => id < fact.id && has(facts.roles, id)),
    })),
    assignments: facts.assignments.filter(
      ({ granteeId, roleId, scopeId }) =>
        isGrantee(granteeId) && has(facts.roles, roleId) && has(places, scopeId),
    ),
  };
}
