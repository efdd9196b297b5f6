import fc from 'fast-check';
import { accepted, by, byOperator, company, outcomeOf } from '../test/write-context.js';
import {
  planAddMembers,
  planChangeGroup,
  planCreateGroup,
  planDeleteGroup,
  planRemoveMembers,
  type ChangeMembers,
} from './plan-group.js';

/** inner ⊂ middle ⊂ outer, with bob in inner by hand and by SCIM. */
const groups = () =>
  company()
    .user('bob')
    .user('carl')
    .user('gone', { status: 'DEPROVISIONED' })
    .serviceAccount('bot')
    .group('outer')
    .group('middle')
    .group('inner')
    .member('outer', 'middle')
    .member('middle', 'inner')
    .member('inner', 'bob')
    .member('inner', 'bob', 'scim:entra');

describe('planCreateGroup', () => {
  it.each([
    ['a new id', 'new', 'ACCEPTED'],
    ['an id that a group has', 'outer', 'ALREADY_EXISTS'],
    ['an id that a user has', 'bob', 'ALREADY_EXISTS'],
  ])('answers for %s', (_, id, outcome) => {
    expect(outcomeOf(planCreateGroup(by('will', groups()), { id }))).toBe(outcome);
  });
});

const managed = (groupId: string, managedBy: string | null = null) => ({ groupId, managedBy });

describe.each([
  ['planChangeGroup', planChangeGroup],
  ['planDeleteGroup', planDeleteGroup],
])('%s', (_, plan) => {
  it.each([
    ['by hand, what nobody else manages', null, undefined, 'ACCEPTED'],
    ['by hand, what a connection manages', 'scim:entra', undefined, 'MANAGED_BY_CONNECTION'],
    ['by the connection that manages it', 'scim:entra', 'scim:entra', 'ACCEPTED'],
    ['by another connection', 'scim:entra', 'scim:okta', 'MANAGED_BY_CONNECTION'],
    ['by a connection, what is managed by hand', null, 'scim:okta', 'MANAGED_BY_CONNECTION'],
  ])('answers %s', (_what, managedBy, connection, outcome) => {
    const context = byOperator(groups(), { connection });
    expect(outcomeOf(plan(context, managed('middle', managedBy)))).toBe(outcome);
  });

  it('says who manages it to nobody who may not write groups', () => {
    const tenant = groups().user('eve');
    expect(outcomeOf(plan(by('eve', tenant), managed('middle', 'scim:entra')))).toBe('FORBIDDEN');
    expect(outcomeOf(plan(by('will', tenant), managed('none', 'scim:entra')))).toBe('NOT_FOUND');
  });
});

describe('planChangeGroup', () => {
  it('changes no fact', () => {
    const { events } = accepted(planChangeGroup(by('will', groups()), managed('middle')));
    expect(events).toEqual([]);
  });
});

describe('planDeleteGroup', () => {
  it('takes assignments and memberships either way with it, the group last', () => {
    const tenant = groups().role('reader', ['document:read']).assign('middle', 'reader');
    const { events, after } = accepted(planDeleteGroup(byOperator(tenant), managed('middle')));
    expect(events.map(({ type }) => type)).toEqual([
      'role-unassigned',
      'member-removed',
      'member-removed',
      'group-deleted',
    ]);
    expect(after.group('middle')).toBeUndefined();
    expect(after.membersOf('outer')).toEqual([]);
    expect(after.membershipsOf('inner')).toEqual([]);
  });

  it('knows no group by an unknown id', () => {
    const plan = planDeleteGroup(byOperator(groups()), managed('bob'));
    expect(plan).toMatchObject({ rejection: { code: 'NOT_FOUND', details: { kind: 'group' } } });
  });
});

describe('planAddMembers', () => {
  const add = (input: Partial<ChangeMembers>, connection?: string) =>
    planAddMembers(by('will', groups(), { connection }), {
      groupId: 'inner',
      members: [{ kind: 'USER', id: 'carl' }],
      source: 'manual',
      ...input,
    });

  it.each<[string, Partial<ChangeMembers>, string]>([
    ['a user', {}, 'ACCEPTED'],
    ['a service account', { members: [{ kind: 'SERVICE_ACCOUNT', id: 'bot' }] }, 'ACCEPTED'],
    ['a group', { groupId: 'outer', members: [{ kind: 'GROUP', id: 'inner' }] }, 'ACCEPTED'],
    ['an unknown group', { groupId: 'none' }, 'NOT_FOUND'],
    ['an unknown member', { members: [{ kind: 'USER', id: 'none' }] }, 'NOT_FOUND'],
    ['a member of another kind', { members: [{ kind: 'USER', id: 'bot' }] }, 'NOT_FOUND'],
    ['someone who has ended', { members: [{ kind: 'USER', id: 'gone' }] }, 'PRINCIPAL_ENDED'],
    ['the group itself', { members: [{ kind: 'GROUP', id: 'inner' }] }, 'GROUP_CYCLE'],
    ['a group that contains it', { members: [{ kind: 'GROUP', id: 'outer' }] }, 'GROUP_CYCLE'],
    ['a member by this source', { members: [{ kind: 'USER', id: 'bob' }] }, 'ALREADY_EXISTS'],
    [
      'a member of a subgroup',
      { groupId: 'outer', members: [{ kind: 'USER', id: 'bob' }] },
      'ACCEPTED',
    ],
    ['nobody', { members: [] }, 'INVALID_INPUT'],
    ['the source of a connection', { source: 'scim:entra' }, 'MANAGED_BY_CONNECTION'],
  ])('answers for %s', (_, input, outcome) => {
    expect(outcomeOf(add(input))).toBe(outcome);
  });

  it('lets a connection add by its own source alone', () => {
    expect(outcomeOf(add({ source: 'scim:okta' }, 'scim:okta'))).toBe('ACCEPTED');
    expect(outcomeOf(add({ source: 'scim:okta' }, 'scim:entra'))).toBe('MANAGED_BY_CONNECTION');
    expect(outcomeOf(add({ source: 'manual' }, 'scim:entra'))).toBe('MANAGED_BY_CONNECTION');
  });

  it('takes 1,000 members in one call and no more', () => {
    const tenant = groups();
    const ids = Array.from({ length: 1001 }, (_, index) => `user-${index}`);
    for (const id of ids) tenant.user(id);
    const members = ids.map((id) => ({ kind: 'USER', id }) as const);
    const addAll = (count: number) =>
      planAddMembers(by('will', tenant), {
        groupId: 'inner',
        members: members.slice(0, count),
        source: 'manual',
      });
    expect(accepted(addAll(1000)).after.membersOf('inner')).toHaveLength(1002);
    expect(outcomeOf(addAll(1001))).toBe('INVALID_INPUT');
  });

  it('adds all of them or none', () => {
    const carl = { kind: 'USER', id: 'carl' } as const;
    expect(outcomeOf(add({ members: [carl, { kind: 'USER', id: 'none' }] }))).toBe('NOT_FOUND');
    expect(accepted(add({ members: [carl, carl] })).events).toHaveLength(1);
  });
});

describe('planRemoveMembers', () => {
  const remove = (input: Partial<ChangeMembers>) =>
    planRemoveMembers(by('will', groups()), {
      groupId: 'inner',
      members: [{ kind: 'USER', id: 'bob' }],
      source: 'manual',
      ...input,
    });

  it('leaves the membership that another source holds', () => {
    const { after } = accepted(remove({}));
    expect(after.membersOf('inner').map(({ source }) => source)).toEqual(['scim:entra']);
    expect(after.groupsContaining('bob')).toContain('outer');
  });

  it.each<[string, Partial<ChangeMembers>, string]>([
    ['an unknown group', { groupId: 'none' }, 'NOT_FOUND'],
    ['who is no member', { members: [{ kind: 'USER', id: 'carl' }] }, 'NOT_FOUND'],
    ['who is one by a subgroup only', { groupId: 'outer' }, 'NOT_FOUND'],
    ['who is one of another kind', { members: [{ kind: 'GROUP', id: 'bob' }] }, 'NOT_FOUND'],
    ['the source of a connection', { source: 'scim:entra' }, 'MANAGED_BY_CONNECTION'],
    ['nobody', { members: [] }, 'INVALID_INPUT'],
  ])('answers for %s', (_, input, outcome) => {
    expect(outcomeOf(remove(input))).toBe(outcome);
  });

  it('leaves by hand what only a connection holds, and the reverse', () => {
    const tenant = company().user('bob').user('ann').group('eng');
    tenant.member('eng', 'bob', 'scim:entra').member('eng', 'ann');
    const removal = (id: string, source: string) => ({
      groupId: 'eng',
      members: [{ kind: 'USER', id } as const],
      source,
      repeatable: true,
    });
    expect(planRemoveMembers(by('will', tenant), removal('bob', 'manual'))).toMatchObject({
      rejection: { code: 'MANAGED_BY_CONNECTION', details: { source: 'scim:entra' } },
    });
    const connection = 'scim:entra';
    const plan = planRemoveMembers(by('will', tenant, { connection }), removal('ann', connection));
    expect(plan).toMatchObject({
      rejection: { code: 'MANAGED_BY_CONNECTION', details: { source: 'manual' } },
    });
  });
});

describe('planAddMembers and planRemoveMembers, when repeatable', () => {
  const repeated = (plan: typeof planAddMembers, ...ids: string[]) =>
    plan(by('will', groups()), {
      groupId: 'inner',
      members: ids.map((id) => ({ kind: 'USER', id })),
      source: 'manual',
      repeatable: true,
    });

  it('do what is left to do', () => {
    expect(accepted(repeated(planAddMembers, 'bob', 'carl')).events).toMatchObject([
      { membership: { memberId: 'carl' } },
    ]);
    expect(accepted(repeated(planRemoveMembers, 'carl', 'bob', 'none')).events).toMatchObject([
      { membership: { memberId: 'bob' } },
    ]);
    expect(accepted(repeated(planAddMembers, 'bob')).events).toEqual([]);
  });

  it('refuse what was never done', () => {
    expect(outcomeOf(repeated(planAddMembers, 'bob', 'none'))).toBe('NOT_FOUND');
  });
});

describe('memberships of several sources', () => {
  const SOURCES = ['manual', 'scim:entra', 'scim:okta', 'zitadel:main'];
  const step = fc.record({
    plan: fc.constantFrom(planAddMembers, planRemoveMembers),
    source: fc.constantFrom(...SOURCES),
    id: fc.constantFrom('ann', 'ben'),
  });

  it('last while one source holds them, and each source writes its own alone', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let snapshot = company().user('ann').user('ben').group('eng').snapshot();
        const holders = new Map([
          ['ann', new Set<string>()],
          ['ben', new Set<string>()],
        ]);
        for (const { plan, source, id } of steps) {
          const held = holders.get(id)!;
          const adds = plan === planAddMembers;
          const connection = source === 'manual' ? undefined : source;
          const members = [{ kind: 'USER', id } as const];
          const done = plan(byOperator(snapshot, { connection }), {
            groupId: 'eng',
            members,
            source,
          });
          expect(done.ok).toBe(held.has(source) !== adds);
          if (done.ok) snapshot = done.after;
          if (done.ok && adds) held.add(source);
          if (done.ok && !adds) held.delete(source);
          for (const [userId, sources] of holders) {
            expect(snapshot.groupsContaining(userId).has('eng')).toBe(sources.size > 0);
          }
        }
      }),
    );
  });
});
