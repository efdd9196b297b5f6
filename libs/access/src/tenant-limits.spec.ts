import { buildSnapshot, type TenantFacts, type TimeInterval } from '@bastion/policy';
import fc from 'fast-check';
import { arbitraryCompany } from '../test/arbitrary-company.js';
import { arbitraryActor, arbitraryWrite } from '../test/arbitrary-write.js';
import { accepted, by, byOperator, company, outcomeOf } from '../test/write-context.js';
import { planOf } from '../test/write.js';
import type { TenantLimits } from './plan.js';
import { planCreateGroup } from './plan-group.js';
import { planChangePrincipalStatus, planCreateUser } from './plan-principal.js';
import { LIMITED_KINDS, UNLIMITED } from './tenant-limits.js';

const time: TimeInterval = { earliest: 100, latest: 101 };

/** Around what an arbitrary company has, so that many writes meet one. */
const arbitraryLimits: fc.Arbitrary<TenantLimits> = fc.record(
  Object.fromEntries(
    LIMITED_KINDS.map((kind) => [kind, fc.option(fc.integer({ min: 0, max: 9 }), { freq: 2 })]),
  ),
);

/** How many of each kind there are, by counting. */
function count(facts: TenantFacts): Record<keyof TenantLimits, number> {
  const { groups, scopes, resources, roles, assignments } = facts;
  const living = facts.principals.filter(({ status }) => !/DEPROVISIONED|ERASED/.test(status));
  return {
    principals: living.length,
    groups: groups.length,
    scopes: scopes.length,
    resources: resources.length,
    roles: roles.length,
    assignments: assignments.length,
  };
}

describe('the limits of a tenant', () => {
  it('refuse exactly the writes that grow past one, of all that would be accepted without them', () => {
    const outcomes = new Set<string>();
    const property = fc.property(
      arbitraryCompany(),
      arbitraryLimits,
      fc.array(fc.tuple(arbitraryActor(), arbitraryWrite()), { minLength: 1, maxLength: 6 }),
      fc.constantFrom(undefined, 'scim:okta'),
      (facts, limits, writes, connection) => {
        let before = buildSnapshot(facts);
        for (const [actor, write] of writes) {
          const free = planOf({ before, actor, time, connection }, write);
          const held = planOf({ before, actor, time, connection, limits }, write);
          if (!free.ok) {
            // A write of several steps may pass a limit before it comes to what refuses it anyway.
            const isPast = !held.ok && held.rejection.code === 'TENANT_LIMIT_REACHED';
            if (!isPast) expect(held).toEqual(free);
            continue;
          }
          const [had, has] = [count(before.facts()), count(free.after.facts())];
          const past = LIMITED_KINDS.filter((kind) => {
            const limit = limits[kind];
            return limit !== null && has[kind] > limit && has[kind] > had[kind];
          });
          const isRefused = actor.kind === 'PRINCIPAL' && past.length > 0;
          expect(held.ok).toBe(!isRefused);
          outcomes.add(held.ok ? 'accepted' : held.rejection.code);
          if (!held.ok) {
            const [kind] = past;
            const details = { kind, limit: limits[kind!] };
            expect(held.rejection).toMatchObject({ code: 'TENANT_LIMIT_REACHED', details });
          }
          before = free.after;
        }
      },
    );
    fc.assert(property, { numRuns: 500 });
    expect(outcomes).toEqual(new Set(['accepted', 'TENANT_LIMIT_REACHED']));
  });

  const atMost = (limits: Partial<TenantLimits>) => ({ limits: { ...UNLIMITED, ...limits } });
  const user = { id: 'new', subject: 'new', status: 'ACTIVE' } as const;

  it('count the living: whoever ends makes room', () => {
    const tenant = company().user('bob');
    const full = atMost({ principals: 3 });
    expect(outcomeOf(planCreateUser(by('ada', tenant, full), user))).toBe('TENANT_LIMIT_REACHED');
    const end = { principalId: 'bob', status: 'DEPROVISIONED' } as const;
    const { after } = accepted(planChangePrincipalStatus(by('ada', tenant, full), end));
    expect(outcomeOf(planCreateUser(by('ada', after, full), user))).toBe('ACCEPTED');
  });

  it('hold whoever administers the tenant, and connections, but no operator', () => {
    const none = atMost({ groups: 0 });
    const group = { id: 'g' };
    const connection = { ...none, connection: 'scim:okta' };
    expect(outcomeOf(planCreateGroup(by('ada', company(), none), group))).toBe(
      'TENANT_LIMIT_REACHED',
    );
    expect(outcomeOf(planCreateGroup(by('ada', company(), connection), group))).toBe(
      'TENANT_LIMIT_REACHED',
    );
    expect(outcomeOf(planCreateGroup(byOperator(company(), none), group))).toBe('ACCEPTED');
  });
});
