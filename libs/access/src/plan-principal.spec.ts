import type { PrincipalStatus } from '@bastion/policy';
import { accepted, by, byOperator, company, outcomeOf } from '../test/write-context.js';
import {
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

  it('knows nobody by an unknown id', () => {
    const change = { principalId: 'nobody', status: 'SUSPENDED' } as const;
    const plan = planChangePrincipalStatus(byOperator(company()), change);
    expect(plan).toMatchObject({
      rejection: { code: 'NOT_FOUND', details: { kind: 'principal' } },
    });
  });
});
