import type { PrincipalStatus } from '@bastion/policy';
import { accepted, by, byOperator, company, outcomeOf } from '../test/write-context.js';
import {
  planChangePrincipal,
  planChangePrincipalStatus,
  planCreateServiceAccount,
  planCreateUser,
} from './plan-principal.js';

describe('planCreateUser', () => {
  const create = (input: { id?: string; subject?: string; status?: 'INVITED' | 'ACTIVE' }) =>
    planCreateUser(
      by(
        'will',
        company()
          .user('bob')
          .group('eng')
          .user('gone', { status: 'DEPROVISIONED', subject: 'sub-gone' }),
      ),
      { id: 'new', subject: 'sub-new', status: 'ACTIVE', ...input },
    );

  it.each(['INVITED', 'ACTIVE'] as const)('creates a user who is %s', (status) => {
    const { after, events } = accepted(create({ status }));
    const principal = { id: 'new', kind: 'USER', status, subject: 'sub-new' };
    expect(events).toEqual([{ type: 'principal-created', principal }]);
    expect(after.principalBySubject('sub-new')).toEqual(principal);
  });

  it.each([
    ['an id that a user has', { id: 'bob' }, 'ALREADY_EXISTS'],
    ['an id that a group has', { id: 'eng' }, 'ALREADY_EXISTS'],
    ['the id of someone who has ended', { id: 'gone' }, 'ALREADY_EXISTS'],
    ['a subject that a living user has', { subject: 'subject-bob' }, 'ALREADY_EXISTS'],
    ['the subject of someone who has ended', { subject: 'sub-gone' }, 'ACCEPTED'],
    ['an empty subject', { subject: '' }, 'INVALID_INPUT'],
    ['a subject of 256 characters', { subject: 's'.repeat(256) }, 'ACCEPTED'],
    ['a subject of 257 characters', { subject: 's'.repeat(257) }, 'INVALID_INPUT'],
  ])('answers for %s', (_, input, outcome) => {
    expect(outcomeOf(create(input))).toBe(outcome);
  });

  it('names who has the subject already', () => {
    expect(create({ subject: 'subject-bob' })).toMatchObject({
      rejection: { details: { kind: 'user', id: 'bob' } },
    });
  });
});

describe('planCreateServiceAccount', () => {
  it('creates a service account that is ACTIVE', () => {
    const plan = planCreateServiceAccount(by('will', company()), { id: 'bot', subject: 'sub-bot' });
    expect(accepted(plan).after.principal('bot')).toEqual({
      id: 'bot',
      kind: 'SERVICE_ACCOUNT',
      status: 'ACTIVE',
      subject: 'sub-bot',
    });
  });

  it('shares the space of subjects with the users', () => {
    const plan = planCreateServiceAccount(by('will', company()), {
      id: 'bot',
      subject: 'subject-ada',
    });
    expect(outcomeOf(plan)).toBe('ALREADY_EXISTS');
  });
});

describe('planChangePrincipal', () => {
  const tenant = company()
    .user('bob')
    .serviceAccount('bot')
    .user('invited', { status: 'INVITED' })
    .user('suspended', { status: 'SUSPENDED' })
    .user('left', { status: 'DEPROVISIONED' })
    .user('erased', { status: 'ERASED' });
  const change = (principalId: string, managedBy: string | null = null, connection?: string) =>
    planChangePrincipal(by('will', tenant, connection === undefined ? {} : { connection }), {
      ...{ principalId, managedBy },
      kind: principalId === 'bot' ? 'SERVICE_ACCOUNT' : 'USER',
    });

  it('changes no fact, whoever lives', () => {
    for (const id of ['bob', 'bot', 'invited', 'suspended']) {
      const { events, after } = accepted(change(id));
      expect(events).toEqual([]);
      expect(after.facts()).toEqual(tenant.snapshot().facts());
    }
  });

  it.each([
    ['someone who has left', change('left'), 'PRINCIPAL_ENDED'],
    ['someone who is erased', change('erased'), 'PRINCIPAL_ENDED'],
    ['nobody', change('nobody'), 'NOT_FOUND'],
    ['by hand, what a connection manages', change('bob', 'scim:entra'), 'MANAGED_BY_CONNECTION'],
    ['by another connection', change('bob', 'scim:entra', 'scim:okta'), 'MANAGED_BY_CONNECTION'],
    ['by the connection itself', change('bob', 'scim:entra', 'scim:entra'), 'ACCEPTED'],
    ['by a connection, what nobody manages', change('bob', null, 'scim:entra'), 'ACCEPTED'],
  ])('answers for %s', (_, plan, outcome) => {
    expect(outcomeOf(plan)).toBe(outcome);
  });

  it('knows a service account by no id of a user, nor the other way round', () => {
    for (const [principalId, kind] of [
      ['bot', 'USER'],
      ['bob', 'SERVICE_ACCOUNT'],
    ] as const) {
      const plan = planChangePrincipal(by('will', tenant), { principalId, kind, managedBy: null });
      expect(outcomeOf(plan)).toBe('NOT_FOUND');
    }
  });

  it('is refused without the right of the kind', () => {
    const reader = company().user('rea').user('bob').serviceAccount('bot');
    for (const [principalId, kind] of [
      ['bob', 'USER'],
      ['bot', 'SERVICE_ACCOUNT'],
    ] as const) {
      const plan = planChangePrincipal(by('rea', reader), { principalId, kind, managedBy: null });
      expect(outcomeOf(plan)).toBe('FORBIDDEN');
    }
  });

  it('makes no exception for an operator, whom the rules of the model bind too', () => {
    const input = { principalId: 'bob', kind: 'USER', managedBy: 'scim:entra' } as const;
    expect(outcomeOf(planChangePrincipal(byOperator(tenant), input))).toBe('MANAGED_BY_CONNECTION');
  });
});

describe('planChangePrincipalStatus', () => {
  const STATUSES = ['INVITED', 'ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'ERASED'] as const;
  const LEADS_TO: Record<PrincipalStatus, readonly PrincipalStatus[]> = {
    INVITED: ['ACTIVE', 'DEPROVISIONED'],
    ACTIVE: ['SUSPENDED', 'DEPROVISIONED'],
    SUSPENDED: ['ACTIVE', 'DEPROVISIONED'],
    DEPROVISIONED: ['ERASED'],
    ERASED: [],
  };

  for (const from of STATUSES) {
    for (const to of STATUSES) {
      const outcome = LEADS_TO[from].includes(to) ? 'ACCEPTED' : 'INVALID_STATUS_CHANGE';
      it(`from ${from} to ${to}: ${outcome}`, () => {
        const context = by('will', company().user('bob', { status: from }));
        const plan = planChangePrincipalStatus(context, { principalId: 'bob', status: to });
        expect(outcomeOf(plan)).toBe(outcome);
        if (plan.ok) expect(plan.after.principal('bob')?.status).toBe(to);
      });
    }
  }

  const member = () =>
    company()
      .role('reader', ['document:read'])
      .user('bob')
      .group('eng')
      .member('eng', 'bob')
      .member('eng', 'bob', 'scim:entra')
      .assign('bob', 'reader', 'root', { id: 'grant' })
      .deny('bob', 'reader', 'root', { id: 'deny' });

  it('ends memberships and assignments with DEPROVISIONED, grants before denies', () => {
    const change = { principalId: 'bob', status: 'DEPROVISIONED' } as const;
    const { after, events } = accepted(planChangePrincipalStatus(by('will', member()), change));
    expect(events.map(({ type }) => type)).toEqual([
      'principal-status-changed',
      'role-unassigned',
      'role-unassigned',
      'member-removed',
      'member-removed',
    ]);
    expect(events[1]).toEqual({ type: 'role-unassigned', assignmentId: 'grant' });
    expect(after.assignmentsOf('bob')).toEqual([]);
    expect(after.membershipsOf('bob')).toEqual([]);
  });

  it('keeps memberships and assignments with SUSPENDED', () => {
    const change = { principalId: 'bob', status: 'SUSPENDED' } as const;
    const { after } = accepted(planChangePrincipalStatus(by('will', member()), change));
    expect(after.assignmentsOf('bob')).toHaveLength(2);
    expect(after.membershipsOf('bob')).toHaveLength(2);
  });

  it('forgets the subject with ERASED, as it may identify the person', () => {
    const gone = company().user('bob', { status: 'DEPROVISIONED', subject: 'bob@example.org' });
    const change = { principalId: 'bob', status: 'ERASED' } as const;
    const { after } = accepted(planChangePrincipalStatus(by('will', gone), change));
    expect(after.principal('bob')?.subject).toBe('erased:bob');
  });

  it('leaves whoever a connection manages to that connection, but for the erasure', () => {
    const managedBy = 'scim:entra';
    const tenant = company().user('bob').user('left', { status: 'DEPROVISIONED' });
    for (const status of ['SUSPENDED', 'DEPROVISIONED'] as const) {
      const change = { principalId: 'bob', status, managedBy };
      expect(outcomeOf(planChangePrincipalStatus(by('will', tenant), change))).toBe(
        'MANAGED_BY_CONNECTION',
      );
      const itself = by('will', tenant, { connection: managedBy });
      expect(outcomeOf(planChangePrincipalStatus(itself, change))).toBe('ACCEPTED');
    }
    const erasure = { principalId: 'left', status: 'ERASED', managedBy } as const;
    expect(outcomeOf(planChangePrincipalStatus(by('will', tenant), erasure))).toBe('ACCEPTED');
  });

  it('knows nobody by an unknown id', () => {
    const change = { principalId: 'nobody', status: 'SUSPENDED' } as const;
    const plan = planChangePrincipalStatus(byOperator(company()), change);
    expect(plan).toMatchObject({
      rejection: { code: 'NOT_FOUND', details: { kind: 'principal' } },
    });
  });
});
