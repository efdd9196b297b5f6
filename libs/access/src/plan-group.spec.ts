import { accepted, by, byOperator, company, outcomeOf } from '../test/write-context.js';
import {
  planAddMembers,
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

describe('planDeleteGroup', () => {
  it('takes assignments and memberships either way with it, the group last', () => {
    const tenant = groups().role('reader', ['document:read']).assign('middle', 'reader');
    const { events, after } = accepted(planDeleteGroup(byOperator(tenant), { groupId: 'middle' }));
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
    const plan = planDeleteGroup(byOperator(groups()), { groupId: 'bob' });
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

  it('does not find by hand what only a connection holds', () => {
    const tenant = company().user('bob').group('eng').member('eng', 'bob', 'scim:entra');
    const plan = planRemoveMembers(by('will', tenant), {
      groupId: 'eng',
      members: [{ kind: 'USER', id: 'bob' }],
      source: 'manual',
    });
    expect(plan).toMatchObject({
      rejection: { code: 'NOT_FOUND', details: { kind: 'membership' } },
    });
  });
});
