import { by, byOperator, accepted, company, outcomeOf } from '../test/write-context.js';
import { LIMITS } from './limits.js';
import { planSetStaleMode, type SetStaleMode } from './plan-stale-mode.js';
import { planResumeTenant, planSuspendTenant } from './plan-tenant.js';

const DENY: SetStaleMode = { staleMode: 'DENY', maxStaleMs: 0 };
const SERVE: SetStaleMode = { staleMode: 'SERVE', maxStaleMs: 60_000 };
const { leastStaleMs, mostStaleMs } = LIMITS;

describe('planSetStaleMode', () => {
  it('says in one event what the tenant is afterwards', () => {
    const { events, after } = accepted(planSetStaleMode(by('ada', company()), SERVE));
    const tenant = { status: 'ACTIVE', staleMode: 'SERVE', maxStaleMs: 60_000 };
    expect(events).toEqual([{ type: 'tenant-stale-mode-changed', tenant }]);
    expect(after.tenant).toEqual(tenant);
  });

  it('leads back to denying', () => {
    const serving = company().servingStale(60_000);
    const { after } = accepted(planSetStaleMode(by('ada', serving), DENY));
    expect(after.tenant).toEqual(company().snapshot().tenant);
  });

  it.each([
    ['by an administrator', by('ada', company()), 'ACCEPTED'],
    ['by whoever may write the tenant', by('will', company()), 'ACCEPTED'],
    ['by an operator', byOperator(company()), 'ACCEPTED'],
    ['by someone without tenant:write', by('bob', company().user('bob')), 'FORBIDDEN'],
    [
      'by someone with tenant:write below the root alone',
      by('bob', company().user('bob').scope('ws').assign('bob', 'writes', 'ws')),
      'FORBIDDEN',
    ],
    ['in a suspended tenant', by('ada', company().suspended()), 'TENANT_SUSPENDED'],
  ])('%s', (_, context, outcome) => {
    expect(outcomeOf(planSetStaleMode(context, SERVE))).toBe(outcome);
  });

  it.each([
    ['SERVE', 0, 'INVALID_INPUT'],
    ['SERVE', leastStaleMs - 1, 'INVALID_INPUT'],
    ['SERVE', leastStaleMs, 'ACCEPTED'],
    ['SERVE', leastStaleMs + 0.5, 'INVALID_INPUT'],
    ['SERVE', mostStaleMs, 'ACCEPTED'],
    ['SERVE', mostStaleMs + 1, 'INVALID_INPUT'],
    ['SERVE', Number.NaN, 'INVALID_INPUT'],
    ['SERVE', Infinity, 'INVALID_INPUT'],
    ['DENY', 0, 'ACCEPTED'],
    ['DENY', 60_000, 'INVALID_INPUT'],
    ['DENY', Number.NaN, 'INVALID_INPUT'],
  ] as const)('%s for %d ms is %s', (staleMode, maxStaleMs, outcome) => {
    const plan = planSetStaleMode(by('ada', company()), { staleMode, maxStaleMs });
    expect(outcomeOf(plan)).toBe(outcome);
  });

  it('is kept through a suspension', () => {
    const serving = company().servingStale(60_000);
    const { after: suspended } = accepted(planSuspendTenant(byOperator(serving)));
    expect(suspended.tenant).toEqual({ ...SERVE, status: 'SUSPENDED' });
    const { after: resumed } = accepted(planResumeTenant(byOperator(suspended)));
    expect(resumed.tenant).toEqual({ ...SERVE, status: 'ACTIVE' });
  });
});
