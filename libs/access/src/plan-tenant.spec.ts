import { buildSnapshot, decide } from '@bastion/policy';
import { ACTIVE_TENANT } from '@bastion/testing';
import { by, byOperator, accepted, company, NOW, outcomeOf } from '../test/write-context.js';
import { BUILT_IN_ROLE_KEYS, type BuiltInRoleKey } from './built-in-roles.js';
import { hasAdministrator } from './last-admin.js';
import { planCreateTenant, planResumeTenant, planSuspendTenant } from './plan-tenant.js';

const roleIds = Object.fromEntries(
  BUILT_IN_ROLE_KEYS.map((key) => [key, `id-of-${key}`]),
) as Record<BuiltInRoleKey, string>;

describe('planCreateTenant', () => {
  const { events, after } = planCreateTenant({
    rootScopeId: 'root',
    admin: { id: 'ada', subject: 'sub-ada' },
    adminAssignmentId: 'a1',
    roleIds,
  });

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
