import {
  type AccessEvent,
  applyEvents,
  buildSnapshot,
  decide,
  factsOfNothing,
  TOMBSTONE,
} from '@bastion/policy';
import { ACTIVE_TENANT } from '@bastion/testing';
import fc from 'fast-check';
import { arbitraryCompany } from '../test/arbitrary-company.js';
import { by, byOperator, accepted, company, NOW, outcomeOf } from '../test/write-context.js';
import { BUILT_IN_ROLE_KEYS, type BuiltInRoleKey } from './built-in-roles.js';
import { hasAdministrator } from './last-admin.js';
import {
  planCreateTenant,
  planDeleteTenant,
  planResumeTenant,
  planSuspendTenant,
  planUpdateBuiltInRoles,
} from './plan-tenant.js';

const create = {
  rootScopeId: 'root',
  admin: { id: 'ada', subject: 'sub-ada' },
  adminAssignmentId: 'a1',
};
const roleIds = Object.fromEntries(
  BUILT_IN_ROLE_KEYS.map((key) => [key, `id-of-${key}`]),
) as Record<BuiltInRoleKey, string>;

describe('planCreateTenant', () => {
  const { events, after } = planCreateTenant({ ...create, roleIds });

  it('makes a tenant whose first administrator may do everything', () => {
    const request = { principalId: 'ada', permission: '*', scopeId: 'root', time: NOW };
    expect(decide(after, request).effect).toBe('ALLOW');
    expect(hasAdministrator(after, NOW)).toBe(true);
    expect(after.principalBySubject('sub-ada')?.id).toBe('ada');
  });

  it('copies every built-in role, with its inclusions under the ids given', () => {
    expect([...after.roles()].map(({ id }) => id).sort()).toEqual(Object.values(roleIds).sort());
    expect(after.role('id-of-manager')?.includes).toEqual(['id-of-writer']);
  });

  it('says everything in its events', () => {
    expect(events[0]).toEqual({ type: 'tenant-created', tenant: ACTIVE_TENANT });
    expect(buildSnapshot(after.facts()).facts()).toEqual(after.facts());
  });
});

describe('planSuspendTenant and planResumeTenant', () => {
  const suspended = () => company().suspended();

  it.each([
    [
      'suspending an active one, by an operator',
      planSuspendTenant(byOperator(company())),
      'ACCEPTED',
    ],
    [
      'resuming a suspended one, by an operator',
      planResumeTenant(byOperator(suspended())),
      'ACCEPTED',
    ],
    ['suspending a suspended one', planSuspendTenant(byOperator(suspended())), 'TENANT_SUSPENDED'],
    ['resuming an active one', planResumeTenant(byOperator(company())), 'INVALID_STATUS_CHANGE'],
    ['suspending, by an administrator', planSuspendTenant(by('ada', company())), 'FORBIDDEN'],
    ['resuming, by an administrator', planResumeTenant(by('ada', suspended())), 'FORBIDDEN'],
  ])('%s', (_, plan, outcome) => {
    expect(outcomeOf(plan)).toBe(outcome);
  });

  it('stops every decision until resumed', () => {
    const request = { principalId: 'ada', permission: '*', scopeId: 'root', time: NOW };
    const { after } = accepted(planSuspendTenant(byOperator(company())));
    expect(decide(after, request).reason).toBe('TENANT_SUSPENDED');
    const resumed = accepted(planResumeTenant(byOperator(after)));
    expect(decide(resumed.after, request).effect).toBe('ALLOW');
  });
});

describe('planDeleteTenant', () => {
  const suspended = () => company().suspended();

  it.each([
    ['deleting a suspended tenant', planDeleteTenant(byOperator(suspended())), 'ACCEPTED'],
    ['deleting an active one', planDeleteTenant(byOperator(company())), 'INVALID_STATUS_CHANGE'],
    ['deleting, by an administrator', planDeleteTenant(by('ada', suspended())), 'FORBIDDEN'],
  ])('%s', (_, plan, outcome) => {
    expect(outcomeOf(plan)).toBe(outcome);
  });

  it('ends every fact by one event, whatever there was', () => {
    fc.assert(
      fc.property(arbitraryCompany(), (facts) => {
        const tenant = { ...facts.tenant, status: 'SUSPENDED' as const };
        const before = buildSnapshot({ ...facts, tenant });
        const { events, after } = accepted(planDeleteTenant(byOperator(before)));
        expect(events).toEqual([{ type: 'tenant-deleted', tenant: TOMBSTONE }]);
        expect(after.facts()).toEqual(factsOfNothing(TOMBSTONE));
      }),
    );
  });
});

describe('planUpdateBuiltInRoles', () => {
  const { after: current } = planCreateTenant({ ...create, roleIds });
  /** As an earlier version of the code left it. */
  const outdated = applyEvents(current, [
    { type: 'role-retired', roleId: roleIds.auditor },
    ...[
      { ...current.role(roleIds.reader)!, permissions: ['scope:read'] },
      { ...current.role(roleIds.writer)!, includes: [] },
      { ...current.role(roleIds['access-admin'])!, piercing: false },
      { ...current.role(roleIds['user-admin'])!, privileged: false },
      { ...current.role(roleIds.manager)!, assignableOn: ['workspace'] },
    ].map((role): AccessEvent => ({ type: 'role-changed', role })),
  ]);

  it('brings every copy to what a new tenant gets', () => {
    const { events, after } = accepted(planUpdateBuiltInRoles(byOperator(outdated), roleIds));
    expect(events.map(({ type }) => type)).toEqual([
      ...Array<string>(5).fill('role-changed'),
      'role-created',
    ]);
    expect(new Set(after.roles())).toEqual(new Set(current.roles()));
  });

  it('changes nothing where nothing differs, in whatever order it is told', () => {
    const reader = current.role(roleIds.reader)!;
    const permissions = reader.permissions.toReversed();
    const same = applyEvents(current, [{ type: 'role-changed', role: { ...reader, permissions } }]);
    expect(accepted(planUpdateBuiltInRoles(byOperator(same), roleIds)).events).toEqual([]);
  });

  it('is for operators alone', () => {
    expect(outcomeOf(planUpdateBuiltInRoles(by('ada', outdated), roleIds))).toBe('FORBIDDEN');
  });

  it('takes a suspended tenant', () => {
    const { after } = accepted(planSuspendTenant(byOperator(outdated)));
    expect(outcomeOf(planUpdateBuiltInRoles(byOperator(after), roleIds))).toBe('ACCEPTED');
  });
});
