import { decide } from '@bastion/policy';
import { accepted, by, byOperator, company, NOW, outcomeOf } from '../test/write-context.js';
import { LIMITS } from './limits.js';
import { planGiveAccess, planTakeAccess } from './plan-access.js';

const tenant = () =>
  company()
    .user('bob')
    .user('carl')
    .group('eng')
    .member('eng', 'carl')
    .scope('ws')
    .scope('sub', { parentId: 'ws' })
    .role('reader', ['document:read'])
    .role('writer', ['document:write']);

const give = (id: string, granteeId: string, roleId = 'reader') => ({
  id,
  granteeKind: granteeId === 'eng' ? ('GROUP' as const) : ('USER' as const),
  granteeId,
  roleId,
});

const mayRead = (snapshot: ReturnType<typeof accepted>['after'], id: string, scopeId: string) =>
  decide(snapshot, { principalId: id, permission: 'document:read', scopeId, time: NOW }).effect ===
  'ALLOW';

describe('planGiveAccess', () => {
  it('gives all of it, as far as the reach goes', () => {
    const accesses = [give('n1', 'bob'), give('n2', 'eng')];
    for (const reach of ['SELF', 'SUBTREE'] as const) {
      const input = { scopeId: 'ws', reach, accesses };
      const { after } = accepted(planGiveAccess(byOperator(tenant()), input));
      for (const id of ['bob', 'carl']) {
        expect(mayRead(after, id, 'ws')).toBe(true);
        expect(mayRead(after, id, 'sub')).toBe(reach === 'SUBTREE');
      }
    }
  });

  it('gives nothing twice, be it named twice or given before', () => {
    const accesses = [give('n1', 'bob'), give('n2', 'bob')];
    const input = { scopeId: 'ws', reach: 'SUBTREE', accesses } as const;
    const first = accepted(planGiveAccess(byOperator(tenant()), input));
    expect(first.events).toHaveLength(1);
    expect(accepted(planGiveAccess(byOperator(first.after), input)).events).toEqual([]);
  });

  it('does not take for given what is given for a time', () => {
    const held = tenant().assign('bob', 'reader', 'ws', { validUntil: 9_000 });
    const input = { scopeId: 'ws', reach: 'SUBTREE', accesses: [give('n1', 'bob')] } as const;
    expect(outcomeOf(planGiveAccess(byOperator(held), input))).toBe('ALREADY_EXISTS');
  });

  it('gives all or nothing, and no more than the giver has', () => {
    const unknown = [give('n1', 'bob'), give('n2', 'none')];
    const input = { scopeId: 'ws', reach: 'SELF' } as const;
    expect(outcomeOf(planGiveAccess(byOperator(tenant()), { ...input, accesses: unknown }))).toBe(
      'NOT_FOUND',
    );
    const escalating = { ...input, accesses: [give('n1', 'bob')] };
    expect(outcomeOf(planGiveAccess(by('will', tenant()), escalating))).toBe('ESCALATION');
  });
});

describe('planTakeAccess', () => {
  const taken = (granteeId: string) => ({
    scopeId: 'ws',
    accesses: [{ granteeKind: 'USER' as const, granteeId, roleId: 'reader' }],
  });

  it('leaves nothing of it on the scope, and all else', () => {
    const held = tenant()
      .assign('bob', 'reader', 'ws', { reach: 'SELF' })
      .assign('bob', 'reader', 'ws')
      .assign('bob', 'writer', 'ws', { id: 'other-role' })
      .assign('bob', 'reader', 'sub', { id: 'other-scope', reach: 'SELF' })
      .deny('bob', 'reader', 'ws', { id: 'a-deny' });
    const { after, events } = accepted(planTakeAccess(byOperator(held), taken('bob')));
    expect(events).toHaveLength(2);
    const left = after.assignmentsOf('bob').map(({ id }) => id);
    expect(left.sort()).toEqual(['a-deny', 'other-role', 'other-scope']);
    expect(accepted(planTakeAccess(byOperator(after), taken('bob'))).events).toEqual([]);
  });

  it('does not say that it is gone where a connection holds it', () => {
    const held = tenant().assign('bob', 'reader', 'ws', { source: 'scim:okta' });
    expect(outcomeOf(planTakeAccess(byOperator(held), taken('bob')))).toBe('MANAGED_BY_CONNECTION');
  });

  const most = LIMITS.assignmentsPerCall;

  it.each([0, most, most + 1])('answers for %i at once', (count) => {
    const accesses = Array(count).fill(taken('bob').accesses[0]);
    const plan = planTakeAccess(byOperator(tenant()), { scopeId: 'ws', accesses });
    expect(outcomeOf(plan)).toBe(count > most ? 'INVALID_INPUT' : 'ACCEPTED');
  });
});
