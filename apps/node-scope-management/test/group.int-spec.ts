import { EVERYONE } from '@bastion/policy';
import { countStatements } from './support/count-statements.js';
import { cursorAt } from '../src/graphql/connection.js';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const CREATE = `mutation ($input: CreateGroupInput!) {
  createGroup(input: $input) { revision group { id name description members { totalCount } } }
}`;
const DELETE = `mutation ($id: ID!, $reason: String) {
  deleteGroup(groupId: $id, reason: $reason) { revision groupId }
}`;
const CHANGE = (verb: string) => `mutation ($id: ID!, $members: [GroupMemberInput!]!) {
  ${verb}GroupMembers(groupId: $id, members: $members) {
    revision group { id members { totalCount nodes { id kind sources } } }
  }
}`;
const ADD = CHANGE('add');
const REMOVE = CHANGE('remove');

const UNKNOWN = '01890000-0000-7000-8000-000000000000';

let service: TestService;
let acme: TestTenant;
let seed: Seed;
let observer: TenantObserver;

beforeAll(async () => {
  service = await TestService.start();
  acme = await service.createTenant('acme');
  seed = new Seed(service, acme);
  observer = new TenantObserver(service, 'acme');
}, 60_000);

afterAll(() => service?.stop());

describe('createGroup', () => {
  it('creates a group without members, in one revision', async () => {
    const { answer, events } = await observer.effectOf(() =>
      acme.admin.answer<{ createGroup: { group: { id: string } } }>(CREATE, {
        input: { name: 'Engineering', description: 'Builds things' },
      }),
    );
    const { id } = answer.createGroup.group;
    expect(answer.createGroup.group).toEqual({
      id,
      name: 'Engineering',
      description: 'Builds things',
      members: { totalCount: 0 },
    });
    expect(events).toEqual([{ type: 'group-created', group: { id } }]);
  });

  it('is refused without group:write', async () => {
    const caller = await seed.caller(['group:read']);
    const error = await observer.refusalOf(() => caller.refusal(CREATE, { input: { name: 'G' } }));
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    ['a name of 201 letters', { name: 'a'.repeat(201) }],
    ['a name with U+0000', { name: 'a\u0000b' }],
    ['a description of 1001 letters', { name: 'a', description: 'd'.repeat(1001) }],
  ])('refuses %s', async (_what, input) => {
    const error = await observer.refusalOf(() => acme.admin.refusal(CREATE, { input }));
    expect(error.extensions.code).toBe('INVALID_INPUT');
  });
});

describe('addGroupMembers and removeGroupMembers', () => {
  it('put users, service accounts and groups in and take them out', async () => {
    const group = await seed.group();
    const members = [
      { kind: 'USER', id: await seed.user() },
      { kind: 'SERVICE_ACCOUNT', id: await seed.serviceAccount() },
      { kind: 'GROUP', id: await seed.group() },
    ];
    const added = await observer.effectOf(() =>
      acme.admin.answer<{ addGroupMembers: object }>(ADD, { id: group, members }),
    );
    expect(added.answer.addGroupMembers).toMatchObject({
      group: {
        members: {
          totalCount: 3,
          nodes: members.map((member) => ({ ...member, sources: ['manual'] })),
        },
      },
    });
    expect(added.events.map(({ type }) => type)).toEqual(Array(3).fill('member-added'));

    const removed = await observer.effectOf(() =>
      acme.admin.answer<{ removeGroupMembers: object }>(REMOVE, {
        id: group,
        members: members.slice(0, 2),
      }),
    );
    expect(removed.answer.removeGroupMembers).toMatchObject({
      group: { members: { totalCount: 1, nodes: [members[2]] } },
    });
  });

  it('nest groups fifty deep, through which a grant counts, and in no ring', async () => {
    const deep = await service.createTenant('deep');
    const inDeep = new Seed(service, deep);
    const id = await inDeep.user('down-below');
    const chain = [await inDeep.group([{ kind: 'USER', id }])];
    while (chain.length < 50) {
      chain.push(await inDeep.group([{ kind: 'GROUP', id: chain.at(-1)! }]));
    }
    const [innermost, outermost] = [chain[0]!, chain.at(-1)!];
    const caller = service.as(deep.id, 'down-below@deep');
    const list = '{ groups(first: 1) { totalCount } }';
    expect((await caller.refusal(list)).extensions.code).toBe('FORBIDDEN');

    const reader = await inDeep.role(['group:read']);
    await inDeep.assignment(outermost, reader, deep.rootScopeId, { granteeKind: 'GROUP' });
    expect(await caller.answer(list)).toMatchObject({ groups: expect.anything() });
    const { me } = await caller.answer<{ me: { groups: { nodes: { id: string }[] } } }>(
      '{ me { groups(first: 100) { nodes { id way { id } } } } }',
    );
    const way = chain.map((groupId) => ({ id: groupId }));
    expect(me.groups.nodes).toContainEqual({ id: outermost, way });

    const ring = { id: innermost, members: [{ kind: 'GROUP', id: outermost }] };
    const error = await new TenantObserver(service, deep.id).refusalOf(() =>
      deep.admin.refusal(ADD, ring),
    );
    expect(error.extensions.code).toBe('GROUP_CYCLE');

    await deep.admin.answer(REMOVE, {
      id: outermost,
      members: [{ kind: 'GROUP', id: chain.at(-2)! }],
    });
    expect((await caller.refusal(list)).extensions.code).toBe('FORBIDDEN');
  });

  it('take a thousand at once', async () => {
    const group = await seed.group();
    await service.database.query(
      `INSERT INTO users (tenant_id, id, user_name, display_name, subject, status)
       SELECT 'acme', gen_random_uuid(), 'bulk-' || n, 'bulk', 'bulk-' || n, 'ACTIVE'
       FROM generate_series(1, 1000) n`,
    );
    // Written past the service: a revision of its own makes it read the rows again.
    await service.database.query(
      `UPDATE tenant_counters SET epoch = epoch + 1, facts_digest = NULL WHERE tenant_id = 'acme'`,
    );
    const users = await service.database.query<{ id: string }>(
      `SELECT id FROM users WHERE user_name LIKE 'bulk-%'`,
    );
    const members = users.map(({ id }) => ({ kind: 'USER', id }));
    const { addGroupMembers } = await acme.admin.answer<{
      addGroupMembers: { group: { members: { totalCount: number } } };
    }>(ADD, { id: group, members });
    expect(addGroupMembers.group.members.totalCount).toBe(1000);
    const one = [...members, { kind: 'USER', id: acme.adminId }];
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(ADD, { id: group, members: one }),
    );
    expect(error.extensions.code).toBe('INVALID_INPUT');
    await acme.admin.answer(REMOVE, { id: group, members });
  });

  it('change nothing when one of many is refused', async () => {
    const group = await seed.group();
    const members = [
      { kind: 'USER', id: await seed.user() },
      { kind: 'USER', id: UNKNOWN },
    ];
    const error = await observer.refusalOf(() => acme.admin.refusal(ADD, { id: group, members }));
    expect(error.extensions.code).toBe('NOT_FOUND');
  });

  it.each([
    ['nobody', []],
    ['an unknown kind', [{ kind: 'ROBOT', id: UNKNOWN }]],
    ['an id that is none', [{ kind: 'USER', id: 'ada' }]],
  ])('refuse %s', async (_what, members) => {
    const group = await seed.group();
    const error = await observer.refusalOf(() => acme.admin.refusal(ADD, { id: group, members }));
    expect(error.extensions.code).toBe('INVALID_INPUT');
  });

  it('refuse who is a member already, and who is none', async () => {
    const member = { kind: 'USER', id: await seed.user() };
    const group = await seed.group([member]);
    const again = await observer.refusalOf(() =>
      acme.admin.refusal(ADD, { id: group, members: [member] }),
    );
    expect(again.extensions.code).toBe('ALREADY_EXISTS');
    const other = { kind: 'USER', id: await seed.user() };
    const none = await observer.refusalOf(() =>
      acme.admin.refusal(REMOVE, { id: group, members: [other] }),
    );
    expect(none.extensions.code).toBe('NOT_FOUND');
  });

  it('refuse a circle of groups of any length', async () => {
    const inner = await seed.group();
    const middle = await seed.group([{ kind: 'GROUP', id: inner }]);
    const outer = await seed.group([{ kind: 'GROUP', id: middle }]);
    for (const group of [inner, middle, outer]) {
      const members = [{ kind: 'GROUP', id: outer }];
      const error = await observer.refusalOf(() => acme.admin.refusal(ADD, { id: group, members }));
      expect(error.extensions.code).toBe('GROUP_CYCLE');
    }
  });

  it('refuse to give by way of a group what the caller lacks', async () => {
    const group = await seed.group();
    await seed.assignment(group, await seed.builtInRole('writer'), acme.rootScopeId, {
      granteeKind: 'GROUP',
    });
    const caller = await seed.caller(['group:*', 'user:*']);
    const members = [{ kind: 'USER', id: caller.id }];
    const error = await observer.refusalOf(() => caller.refusal(ADD, { id: group, members }));
    expect(error.extensions.code).toBe('ESCALATION');
  });

  it('leave to others what they hold', async () => {
    const user = { kind: 'USER', id: await seed.user() };
    const group = await seed.group([user]);
    await service.database.query(
      `INSERT INTO memberships (tenant_id, group_id, member_kind, member_id, source)
       VALUES ('acme', $1, 'USER', $2, 'scim:okta')`,
      [group, user.id],
    );
    await service.database.query(
      `UPDATE tenant_counters SET epoch = epoch + 1, facts_digest = NULL WHERE tenant_id = 'acme'`,
    );
    const { removeGroupMembers } = await acme.admin.answer<{ removeGroupMembers: object }>(REMOVE, {
      id: group,
      members: [user],
    });
    expect(removeGroupMembers).toMatchObject({
      group: { members: { totalCount: 1, nodes: [{ ...user, sources: ['scim:okta'] }] } },
    });
  });
});

describe('changeGroup', () => {
  const CHANGE_GROUP = `mutation ($input: ChangeGroupInput!, $version: Int) {
    changeGroup(input: $input, expectedVersion: $version) {
      group { id name description externalId managedBy version }
    }
  }`;

  it('changes what is given and leaves the rest, and no fact', async () => {
    const groupId = await seed.group();
    const { revision } = await observer.counter();
    const change = (input: object) =>
      acme.admin.answer(CHANGE_GROUP, { input: { groupId, ...input } });
    expect(await change({ name: 'Renamed', externalId: 'x-1' })).toMatchObject({
      changeGroup: { group: { name: 'Renamed', description: '', externalId: 'x-1' } },
    });
    expect(await change({ description: 'Why' })).toMatchObject({
      changeGroup: { group: { name: 'Renamed', description: 'Why', externalId: 'x-1' } },
    });
    expect(await change({ externalId: null })).toMatchObject({
      changeGroup: { group: { externalId: null, managedBy: null } },
    });
    expect((await observer.counter()).revision).toBe(revision);
  });

  it.each([
    ['an external id of another group', { externalId: 'taken' }, 'ALREADY_EXISTS'],
    ['an unknown group', { groupId: UNKNOWN, name: 'a' }, 'NOT_FOUND'],
    ['an empty external id', { externalId: '' }, 'INVALID_INPUT'],
  ])('refuses %s', async (_what, input, code) => {
    await acme.admin.send(CREATE, { input: { name: 'Holder', externalId: 'taken' } });
    const groupId = await seed.group();
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(CHANGE_GROUP, { input: { groupId, ...input } }),
    );
    expect(error.extensions.code).toBe(code);
  });

  it('and deleteGroup leave to a connection what it manages, but for who was added by hand', async () => {
    const [byHand, byScim] = [await seed.user(), await seed.user()];
    const groupId = await seed.group();
    await service.database.query(`UPDATE groups SET managed_by = 'scim:okta' WHERE id = $1`, [
      groupId,
    ]);
    await service.database.query(
      `INSERT INTO memberships (tenant_id, group_id, member_kind, member_id, source)
       VALUES ('acme', $1, 'USER', $2, 'scim:okta')`,
      [groupId, byScim],
    );
    await service.database.query(
      `UPDATE tenant_counters SET epoch = epoch + 1, facts_digest = NULL WHERE tenant_id = 'acme'`,
    );
    const members = (id: string) => ({ id: groupId, members: [{ kind: 'USER', id }] });
    await acme.admin.answer(ADD, members(byHand));
    const refused: [string, object][] = [
      [CHANGE_GROUP, { input: { groupId, name: 'Mine now' } }],
      [DELETE, { id: groupId }],
      [REMOVE, members(byScim)],
    ];
    for (const [query, variables] of refused) {
      const error = await observer.refusalOf(() => acme.admin.refusal(query, variables));
      expect(error.extensions.code).toBe('MANAGED_BY_CONNECTION');
    }
    await acme.admin.answer(REMOVE, members(byHand));
  });
});

describe('deleteGroup', () => {
  it('takes memberships either way and assignments along, in one revision', async () => {
    const member = { kind: 'USER', id: await seed.user() };
    const group = await seed.group([member]);
    const outer = await seed.group([{ kind: 'GROUP', id: group }]);
    const reader = await seed.builtInRole('reader');
    await seed.assignment(group, reader, acme.rootScopeId, { granteeKind: 'GROUP' });
    const { answer, events, audit } = await observer.effectOf(() =>
      acme.admin.answer(DELETE, { id: group, reason: 'gone' }),
    );
    expect(answer).toMatchObject({ deleteGroup: { groupId: group } });
    expect(events.map(({ type }) => type)).toEqual([
      'role-unassigned',
      'member-removed',
      'member-removed',
      'group-deleted',
    ]);
    expect(audit).toMatchObject({ operation: 'delete-group', target: group, reason: 'gone' });
    for (const left of [
      ['groups WHERE id', group],
      ['memberships WHERE group_id', outer],
      ['memberships WHERE member_id', member.id],
      ['role_assignments WHERE grantee_id', group],
    ]) {
      const rows = await service.database.query(`SELECT FROM ${left[0]} = $1`, [left[1]]);
      expect(rows).toEqual([]);
    }
    const gone = await acme.admin.answer('query ($id: ID!) { group(id: $id) { id } }', {
      id: group,
    });
    expect(gone).toEqual({ group: null });
  });

  it('refuses to take the last administrator its role', async () => {
    const beta = await service.createTenant('beta');
    const betaSeed = new Seed(service, beta);
    const betaObserver = new TenantObserver(service, 'beta');
    const group = await betaSeed.group([{ kind: 'USER', id: beta.adminId }]);
    const tenantAdmin = await betaSeed.builtInRole('tenant-admin');
    await betaSeed.assignment(group, tenantAdmin, beta.rootScopeId, { granteeKind: 'GROUP' });
    const { roleAssignments } = await beta.admin.answer<{
      roleAssignments: { nodes: { id: string }[] };
    }>(`query ($id: ID!) { roleAssignments(filter: { granteeId: $id }) { nodes { id } } }`, {
      id: beta.adminId,
    });
    await beta.admin.answer(
      `mutation ($id: ID!) { unassignRole(assignmentId: $id) { revision } }`,
      { id: roleAssignments.nodes[0]?.id },
    );
    const error = await betaObserver.refusalOf(() => beta.admin.refusal(DELETE, { id: group }));
    expect(error.extensions.code).toBe('LAST_ADMIN');
  });

  it('refuses an unknown id', async () => {
    const error = await observer.refusalOf(() => acme.admin.refusal(DELETE, { id: UNKNOWN }));
    expect(error.extensions.code).toBe('NOT_FOUND');
  });
});

describe('Everyone', () => {
  const SHOWN = `id name builtIn createdAt members(first: 1, after: $after) {
    totalCount nodes { id kind sources } pageInfo { hasNextPage endCursor }
  }`;
  const ONE = `query ($id: ID!, $after: String) { group(id: $id) { ${SHOWN} } }`;
  const LISTED = `query ($search: String, $first: Int!, $next: String, $after: String) {
    groups(filter: { search: $search }, first: $first, after: $next) {
      totalCount nodes { ${SHOWN} } pageInfo { hasNextPage endCursor }
    }
  }`;
  interface Everyone {
    id: string;
    builtIn: boolean;
    members: {
      totalCount: number;
      nodes: { id: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
  }
  interface Listed {
    groups: { totalCount: number; nodes: Everyone[]; pageInfo: { endCursor: string } };
  }
  let gamma: TestTenant;
  let user: string;
  let suspended: string;
  let gammaSeed: Seed;

  beforeAll(async () => {
    gamma = await service.createTenant('gamma');
    gammaSeed = new Seed(service, gamma);
    user = await gammaSeed.user();
    suspended = await gammaSeed.user();
    await gamma.admin.answer(`mutation ($id: ID!) { suspendUser(userId: $id) { revision } }`, {
      id: suspended,
    });
    await gammaSeed.serviceAccount();
  });

  it('is a group of all active users, shown page by page', async () => {
    const { group } = await gamma.admin.answer<{ group: Everyone }>(ONE, { id: EVERYONE });
    expect(group).toMatchObject({
      id: EVERYONE,
      name: 'Everyone',
      builtIn: true,
      members: {
        totalCount: 2,
        nodes: [{ id: gamma.adminId, kind: 'USER', sources: [] }],
        pageInfo: { hasNextPage: true },
      },
    });
    const rest = await gamma.admin.answer(ONE, {
      id: EVERYONE,
      after: group.members.pageInfo.endCursor,
    });
    expect(rest).toMatchObject({
      group: {
        members: { totalCount: 2, nodes: [{ id: user }], pageInfo: { hasNextPage: false } },
      },
    });
    const beyond = await gamma.admin.answer(ONE, {
      id: EVERYONE,
      after: cursorAt({ field: 'CREATED', direction: 'ASC' }, { id: LAST, key: LAST }),
    });
    expect(beyond).toMatchObject({ group: { members: { totalCount: 2, nodes: [] } } });
  });

  it('comes first among the groups, once, and is found by its name', async () => {
    const own = await gammaSeed.group();
    const list = async (variables: object) =>
      (await gamma.admin.answer<Listed>(LISTED, { first: 1, ...variables })).groups;
    const first = await list({});
    expect(first).toMatchObject({ totalCount: 2, nodes: [{ id: EVERYONE, builtIn: true }] });
    const second = await list({ first: 5, next: first.pageInfo.endCursor });
    expect(second).toMatchObject({ totalCount: 2, nodes: [{ id: own, builtIn: false }] });
    expect(second.nodes).toHaveLength(1);
    expect(await list({ first: 0 })).toMatchObject({ totalCount: 2, nodes: [] });
    expect(await list({ first: 5, search: 'VERYON' })).toMatchObject({
      totalCount: 1,
      nodes: [{ id: EVERYONE }],
    });
    expect(await list({ first: 5, search: 'group' })).toMatchObject({
      totalCount: 1,
      nodes: [{ id: own }],
    });
  });

  it('is assigned a role as any group, which its users then have', async () => {
    const reader = service.as('gamma', `user-1@gamma`);
    expect((await reader.refusal(ONE, { id: EVERYONE })).extensions.code).toBe('FORBIDDEN');
    const role = await gammaSeed.role(['group:read']);
    const options = { granteeKind: 'GROUP' };
    const id = await gammaSeed.assignment(EVERYONE, role, gamma.rootScopeId, options);
    expect(await reader.answer(ONE, { id: EVERYONE })).toMatchObject({ group: { id: EVERYONE } });
    await gamma.admin.answer(
      `mutation ($id: ID!) { unassignRole(assignmentId: $id) { revision } }`,
      {
        id,
      },
    );
    expect((await reader.refusal(ONE, { id: EVERYONE })).extensions.code).toBe('FORBIDDEN');
  });

  it('is neither filled nor emptied, nested or deleted', async () => {
    const gammaObserver = new TenantObserver(service, 'gamma');
    const members = [{ kind: 'USER', id: user }];
    const itself = [{ kind: 'GROUP', id: EVERYONE }];
    const group = await gammaSeed.group();
    for (const [mutation, variables] of [
      [ADD, { id: EVERYONE, members }],
      [REMOVE, { id: EVERYONE, members }],
      [ADD, { id: group, members: itself }],
      [DELETE, { id: EVERYONE }],
    ] as const) {
      const error = await gammaObserver.refusalOf(() => gamma.admin.refusal(mutation, variables));
      expect(error.extensions.code).toBe('BUILT_IN_GROUP');
    }
  });
});

describe('groups', () => {
  const LIST = `query ($search: String, $members: Int! = 50, $after: String) {
    groups(filter: { search: $search }) {
      totalCount
      nodes { id members(first: $members, after: $after) {
        totalCount nodes { id } pageInfo { hasNextPage endCursor }
      } }
    }
  }`;
  interface List {
    groups: {
      totalCount: number;
      nodes: {
        id: string;
        members: {
          totalCount: number;
          nodes: { id: string }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      }[];
    };
  }

  it('show the members of each, page by page', async () => {
    const users = [];
    for (let n = 0; n < 5; n += 1) users.push(await seed.user());
    const group = await seed.group(users.map((id) => ({ kind: 'USER', id })));
    const empty = await seed.group();
    const { groups } = await acme.admin.answer<List>(LIST, { members: 2 });
    const found = groups.nodes.find(({ id }) => id === group)?.members;
    expect(found).toMatchObject({ totalCount: 5, pageInfo: { hasNextPage: true } });
    expect(found?.nodes.map(({ id }) => id)).toEqual(users.slice(0, 2));
    expect(groups.nodes.find(({ id }) => id === empty)?.members).toMatchObject({ totalCount: 0 });

    const rest = await acme.admin.answer<List>(LIST, { after: found?.pageInfo.endCursor });
    const following = rest.groups.nodes.find(({ id }) => id === group)?.members;
    expect(following?.nodes.map(({ id }) => id)).toEqual(users.slice(2));
  });

  it('cost the same number of statements however many there are', async () => {
    const list = () => acme.admin.answer(LIST);
    await list();
    const few = await countStatements('acme', list);
    for (let n = 0; n < 10; n += 1) await seed.group();
    expect(await countStatements('acme', list)).toBe(few);
    expect(few).toBeGreaterThan(3);
    expect(few).toBeLessThanOrEqual(10);
  });

  it('are found by a part of their name', async () => {
    await acme.admin.answer(CREATE, { input: { name: 'Über_Team' } });
    const { groups } = await acme.admin.answer<List>(LIST, { search: 'über_' });
    expect(groups.totalCount).toBe(1);
  });

  it('are found by who owns them, what others call them and whom they contain', async () => {
    const [userId, machineId] = [await seed.user(), await seed.serviceAccount()];
    const inner = await seed.group([{ kind: 'USER', id: userId }]);
    const outer = await seed.group([
      { kind: 'GROUP', id: inner },
      { kind: 'SERVICE_ACCOUNT', id: machineId },
    ]);
    await service.database.query(
      `UPDATE groups SET managed_by = 'scim:entra', external_id = 'entra-1' WHERE id = $1`,
      [outer],
    );
    const find = (filter: object) =>
      acme.admin.answer(
        'query ($filter: GroupFilter!) { groups(filter: $filter) { nodes { id } } }',
        { filter },
      );
    expect(await find({ managedBy: 'scim:entra' })).toEqual({ groups: { nodes: [{ id: outer }] } });
    expect(await find({ externalId: 'entra-1' })).toEqual({ groups: { nodes: [{ id: outer }] } });
    expect(await find({ memberId: userId })).toEqual({ groups: { nodes: [{ id: inner }] } });
    expect(await find({ memberId: machineId })).toEqual({ groups: { nodes: [{ id: outer }] } });

    const around = 'groups { totalCount nodes { id } }';
    const answer = await acme.admin.answer(
      `query ($user: ID!, $machine: ID!, $group: ID!) {
        user(id: $user) { ${around} }
        serviceAccount(id: $machine) { ${around} }
        group(id: $group) { ${around} }
      }`,
      { user: userId, machine: machineId, group: inner },
    );
    const one = (id: string) => ({ groups: { totalCount: 1, nodes: [{ id }] } });
    expect(answer).toEqual({
      ...{ user: one(inner), serviceAccount: one(outer), group: one(outer) },
    });
  });

  it('around users cost the same number of statements however many there are', async () => {
    const list = () =>
      acme.admin.answer('{ users(first: 500) { nodes { id groups(first: 1) { nodes { id } } } } }');
    await list();
    const few = await countStatements('acme', list);
    for (let n = 0; n < 5; n += 1) await seed.group([{ kind: 'USER', id: await seed.user() }]);
    await list();
    expect(await countStatements('acme', list)).toBe(few);
  });

  it('and their members are refused without group:read', async () => {
    const group = await seed.group();
    const reader = await seed.caller(['user:read']);
    expect((await reader.refusal(LIST)).extensions.code).toBe('FORBIDDEN');
    const writer = await seed.caller(['group:write']);
    const members = [{ kind: 'USER', id: await seed.user() }];
    const { data, errors } = await writer.send(ADD, { id: group, members });
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    expect(data).toMatchObject({ addGroupMembers: { group: null } });
  });
});
