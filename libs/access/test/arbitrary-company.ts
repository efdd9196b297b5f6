import {
  EVERYONE,
  resourceKey,
  type GranteeKind,
  type RoleAssignmentFact,
  type TenantFacts,
} from '@bastion/policy';
import {
  ACTIVE_TENANT,
  ARBITRARY_CONDITIONS,
  ARBITRARY_IDS,
  arbitraryTenant,
} from '@bastion/testing';
import fc, { type Arbitrary } from 'fast-check';
import { WRITES } from './write-context.js';

const SERVICE_ACCOUNTS: readonly string[] = ARBITRARY_IDS.serviceAccounts;
const GROUPS: readonly string[] = [...ARBITRARY_IDS.groups, 'new-group', EVERYONE];

/** Ids that most tenants have, and now and then one that they have not. */
export const arbitraryId = {
  scope: mostly(ARBITRARY_IDS.scopes, ['new-scope', 'nowhere']),
  place: mostly([...ARBITRARY_IDS.scopes, ...ARBITRARY_IDS.resources], ['new-scope', 'nowhere']),
  role: mostly(ARBITRARY_IDS.roles, ['new-role', 'any']),
  group: fc.constantFrom(...GROUPS),
  principal: fc.constantFrom(...ARBITRARY_IDS.users, ...SERVICE_ACCOUNTS, 'actor', 'new-user'),
};

/** Everything of an assignment but whose it is. Its times crowd around those of the tenants. */
export const arbitraryAssignment = fc.record({
  roleId: arbitraryId.role,
  scopeId: arbitraryId.place,
  reach: fc.constantFrom('SUBTREE' as const, 'SUBTREE' as const, 'SELF' as const),
  effect: fc.constantFrom('ALLOW' as const, 'ALLOW' as const, 'DENY' as const),
  source: mostly(['manual'], ['scim:okta']),
  validFrom: bound(),
  validUntil: bound(),
  condition: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(...ARBITRARY_CONDITIONS) },
  ),
});

export function mostly(rule: readonly string[], exception: readonly string[]): Arbitrary<string> {
  return fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...rule) },
    { weight: 1, arbitrary: fc.constantFrom(...exception) },
  );
}

function bound(): Arbitrary<number | null> {
  return fc.option(fc.integer({ min: 98, max: 106 }), { freq: 2 });
}

export function kindOf(id: string): GranteeKind {
  if (GROUPS.includes(id)) return 'GROUP';
  return SERVICE_ACCOUNTS.includes(id) ? 'SERVICE_ACCOUNT' : 'USER';
}

/**
 * An arbitrary tenant with `admin`, its administrator, and with `actor`, who may make any kind of
 * write anywhere and whose other rights are arbitrary.
 */
export function arbitraryCompany(): Arbitrary<TenantFacts> {
  return fc
    .record({
      facts: arbitraryTenant(),
      rights: fc.array(arbitraryAssignment, { minLength: 1, maxLength: 5, size: 'max' }),
      groupIds: fc.subarray([...ARBITRARY_IDS.groups], { maxLength: 1 }),
    })
    .map(({ facts, rights, groupIds }) => peopled(facts, rights, groupIds));
}

function peopled(
  facts: TenantFacts,
  rights: readonly Omit<RoleAssignmentFact, 'id' | 'granteeKind' | 'granteeId'>[],
  groupIds: readonly string[],
): TenantFacts {
  const user = { kind: 'USER', status: 'ACTIVE' } as const;
  const role = { includes: [], assignableOn: [], privileged: false, piercing: true };
  const ofUser = { granteeKind: 'USER', source: 'manual' } as const;
  const everywhere = {
    ...ofUser,
    scopeId: 's0',
    reach: 'SUBTREE',
    effect: 'ALLOW',
    validFrom: null,
    validUntil: null,
    condition: null,
  } as const;
  const roles = [
    ...facts.roles,
    { ...role, id: 'all', permissions: ['*'] },
    { ...role, id: 'writes', permissions: [...WRITES] },
    { ...role, id: 'any', permissions: ['assignment:any'], piercing: false },
  ];
  const has = (all: readonly { readonly id: string }[], id: string): boolean =>
    all.some((fact) => fact.id === id);
  const places = [...facts.scopes, ...facts.resources.map((one) => ({ id: resourceKey(one) }))];
  const living = (id: string): boolean => {
    const status = facts.principals.find((principal) => principal.id === id)?.status;
    return status !== 'DEPROVISIONED' && status !== 'ERASED';
  };
  return {
    ...facts,
    tenant: ACTIVE_TENANT,
    principals: [
      // One who sleeps, with rights that nobody here gave.
      ...facts.principals.map((principal) =>
        principal.id === 'u2' && principal.status === 'ACTIVE'
          ? { ...principal, status: 'SUSPENDED' as const }
          : principal,
      ),
      { ...user, id: 'admin', subject: 'subject-admin' },
      { ...user, id: 'actor', subject: 'subject-actor' },
    ],
    memberships: [
      ...facts.memberships.filter(({ memberId }) => living(memberId)),
      ...groupIds
        .filter((groupId) => has(facts.groups, groupId))
        .map(
          (groupId) =>
            ({ groupId, memberKind: 'USER', memberId: 'actor', source: 'manual' }) as const,
        ),
    ],
    roles,
    assignments: [
      ...facts.assignments.filter(({ granteeId }) => living(granteeId)),
      { ...everywhere, id: 'admin-all', granteeId: 'admin', roleId: 'all' },
      { ...everywhere, id: 'actor-writes', granteeId: 'actor', roleId: 'writes' },
      ...rights
        .filter(({ roleId, scopeId }) => has(roles, roleId) && has(places, scopeId))
        .map((right, index) => ({ ...right, ...ofUser, id: `right-${index}`, granteeId: 'actor' })),
    ],
  };
}
