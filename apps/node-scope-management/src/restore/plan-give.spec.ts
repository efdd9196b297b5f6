import type { WriteContext } from '@bastion/access';
import { applyEvents, buildSnapshot, type Snapshot, type TenantFact } from '@bastion/policy';
import { tenantFacts, type TenantBuilder } from '@bastion/testing';
import { giveInTurn, planGive } from './plan-give.js';
import type { RestoredFact } from './restored-grants.store.js';

const NOW = Date.UTC(2026, 0, 1);
const NO_ROLES: ReadonlySet<string> = new Set();

const acme = (): TenantBuilder =>
  tenantFacts().user('bob').group('g').scope('ws').role('reader', ['a:b']);

function contextOf(builder: TenantBuilder): WriteContext {
  const before = buildSnapshot(builder.facts());
  return { before, actor: { kind: 'OPERATOR' }, time: { earliest: NOW, latest: NOW } };
}

function planOf(builder: TenantBuilder, fact: RestoredFact, builtIn = NO_ROLES) {
  return planGive(contextOf(builder), fact, builtIn);
}

/** The facts after something was given, which the events must lead to. */
function given(builder: TenantBuilder, fact: RestoredFact): Snapshot {
  const plan = planOf(builder, fact);
  if (!plan.ok) throw new Error(plan.rejection.code);
  const { before } = contextOf(builder);
  expect(plan.after.facts()).toEqual(applyEvents(before, plan.events).facts());
  return plan.after;
}

function refusal(builder: TenantBuilder, fact: RestoredFact, builtIn = NO_ROLES): string | null {
  const plan = planOf(builder, fact, builtIn);
  return plan.ok ? null : plan.rejection.code;
}

const serving: TenantFact = { status: 'ACTIVE', staleMode: 'SERVE', maxStaleMs: 60_000 };
const carol = { id: 'carol', kind: 'USER', subject: 'sub-carol' } as const;

describe('what can be given again', () => {
  it.each([
    ['that is active', acme().suspended(), { ...serving, staleMode: 'DENY', maxStaleMs: 0 }],
    ['that is served stale', acme(), serving],
    ['that is both', acme().suspended(), serving],
  ] as const)('is a tenant %s', (_, builder, tenant) => {
    expect(given(builder, { kind: 'tenant', tenant }).tenant).toEqual(tenant);
  });

  it('is not a tenant that is as it was', () => {
    const { tenant } = acme().facts();
    expect(refusal(acme(), { kind: 'tenant', tenant })).toBe('INVALID_STATUS_CHANGE');
  });

  it.each(['INVITED', 'ACTIVE', 'SUSPENDED'] as const)('is somebody who was %s', (status) => {
    const principal = { ...carol, status };
    expect(given(acme(), { kind: 'principal', principal }).principal('carol')).toEqual(principal);
  });

  it('is the status of somebody who is there', () => {
    const suspended = tenantFacts().user('bob', { status: 'SUSPENDED' });
    const principal = { ...suspended.facts().principals[0]!, status: 'ACTIVE' as const };
    expect(given(suspended, { kind: 'principal', principal }).principal('bob')).toEqual(principal);
  });

  it('is what flows into a scope, and the content of a role, that are there', () => {
    const cut = tenantFacts().scope('ws', { inheritsAccess: false });
    const scope = { ...cut.facts().scopes.find(({ id }) => id === 'ws')!, inheritsAccess: true };
    expect(given(cut, { kind: 'scope', scope }).scope('ws')).toEqual(scope);

    const role = { ...acme().facts().roles[0]!, permissions: ['a:b', 'c:d'] };
    expect(given(acme(), { kind: 'role', role }).role('reader')).toEqual(role);
    const builtIn = new Set(['reader']);
    expect(refusal(acme(), { kind: 'role', role }, builtIn)).toBe('BUILT_IN_ROLE');
  });

  it('is what a connection had given, in its name', () => {
    const source = 'scim:entra';
    const membership = { groupId: 'g', memberKind: 'USER', memberId: 'bob', source } as const;
    const after = given(acme(), { kind: 'membership', membership });
    expect(after.membersOf('g')).toEqual([membership]);
  });

  it('is the end of a deny that had ended', () => {
    const builder = acme().deny('bob', 'reader', 'ws', { id: 'd', source: 'rule' });
    const assignment = builder.facts().assignments[0]!;
    expect(given(builder, { kind: 'deny', assignment }).facts().assignments).toEqual([]);
  });

  it('is not what is over by now', () => {
    const builder = acme().assign('bob', 'reader', 'ws', { id: 'a', validUntil: NOW - 1 });
    const assignment = builder.facts().assignments[0]!;
    expect(refusal(acme(), { kind: 'assignment', assignment })).toBe('INVALID_VALIDITY');
  });
});

describe('several', () => {
  it('are given one on the other, and what cannot be is left out', () => {
    const group = { id: 'new' };
    const member = {
      groupId: 'new',
      memberKind: 'USER',
      memberId: 'bob',
      source: 'manual',
    } as const;
    const facts: RestoredFact[] = [
      { kind: 'group', group },
      { kind: 'membership', membership: member },
      { kind: 'membership', membership: { ...member, groupId: 'gone' } },
    ];
    const waiting = facts.map((fact, index) => ({ id: String(index), epoch: 2, fact }));
    const { given: gift, refused } = giveInTurn(contextOf(acme()), waiting, NO_ROLES);
    expect(gift.grants.map(({ id }) => id)).toEqual(['0', '1']);
    expect(gift.after.membersOf('new')).toEqual([member]);
    expect(refused).toEqual([{ id: '2', code: 'NOT_FOUND', message: 'There is no such group.' }]);
  });
});
