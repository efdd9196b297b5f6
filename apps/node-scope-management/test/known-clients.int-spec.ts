import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSnapshot, decide } from '@bastion/policy';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

/** What published clients send, word for word but for their names of operations. */
const document = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`known-clients/${name}.graphql`, import.meta.url)), 'utf8');

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

const send = <Data>(name: string, variables: object = {}): Promise<Data> =>
  acme.admin.answer<Data>(document(name), variables);
const refusal = async (name: string, variables: object) =>
  (await acme.admin.refusal(document(name), variables)).extensions.code;

/** Whether the facts, as they are committed, let somebody do it. */
async function may(principalId: string, permission: string, scopeId: string): Promise<boolean> {
  const now = Date.now();
  const time = { earliest: now, latest: now };
  const snapshot = buildSnapshot(await observer.facts());
  return decide(snapshot, { principalId, permission, scopeId, time }).effect === 'ALLOW';
}

interface Folder {
  readonly id: string;
  readonly name: string;
  readonly parentId: string | null;
  readonly externalId: string | null;
  readonly scopeAccess: object[];
}

async function generate(paths: string[], inheritAccess?: boolean): Promise<Folder[]> {
  const { generateScopesBasedOnPaths } = await send<{ generateScopesBasedOnPaths: Folder[] }>(
    'generate-scopes',
    { paths, inheritAccess },
  );
  return generateScopesBasedOnPaths;
}

describe('known clients, about users', () => {
  it('know themselves', async () => {
    expect(await send('who-am-i')).toEqual({ me: { user: { id: acme.adminId } } });
  });

  it('list those who have not ended, page by page and by address in any case', async () => {
    const input = { userName: 'dora', displayName: 'Dora', email: 'Dora_1@acme.example' };
    const { createUser } = await acme.admin.answer<{ createUser: { user: { id: string } } }>(
      'mutation ($input: CreateUserInput!) { createUser(input: $input) { user { id } } }',
      { input },
    );
    const { id } = createUser.user;
    const find = async (where: object) =>
      (await send<{ users: { nodes: object[] } }>('list-users', { skip: 0, take: 100, where }))
        .users.nodes;
    const email = (equals: string, mode?: string) => ({ email: { equals, mode } });
    const dora = { id, active: true, companyId: 'acme', email: 'Dora_1@acme.example' };
    expect(await find(email('dora_1@ACME.example', 'insensitive'))).toEqual([dora]);
    expect(await find(email('dora_1@acme.example'))).toEqual([]);
    expect(await find(email('dora%', 'insensitive'))).toEqual([]);
    expect(await find({ id: { equals: id }, active: { equals: true } })).toEqual([dora]);
    expect(await find({ id: { equals: id }, active: { equals: false } })).toEqual([]);

    const { users } = await send<{ users: { totalCount: number; nodes: { id: string }[] } }>(
      'list-users',
      { skip: 1, take: 1 },
    );
    expect(users.totalCount).toBeGreaterThan(1);
    expect(users.nodes).toEqual([dora]);
    expect(await refusal('list-users', { skip: 0, take: 501 })).toBe('INVALID_INPUT');
    expect(await refusal('list-users', { skip: -1, take: 1 })).toBe('INVALID_INPUT');

    await acme.admin.answer('mutation ($id: ID!) { deprovisionUser(userId: $id) { revision } }', {
      id,
    });
    expect(await find({ id: { equals: id } })).toEqual([]);
  });
});

describe('known clients, about groups', () => {
  it('create, find, rename and delete them', async () => {
    const created = await observer.effectOf(() =>
      send<{ createGroup: { id: string } }>('create-group', {
        ...{ name: 'Readers', externalId: 'spc-readers', createdBy: 'a connector' },
      }),
    );
    const { id } = created.answer.createGroup;
    const group = { id, name: 'Readers', externalId: 'spc-readers' };
    expect(created.answer).toEqual({ createGroup: { ...group, members: [] } });
    expect(created.audit).toMatchObject({ operation: 'create-group', reason: 'a connector' });
    expect(
      await refusal('create-group', { name: 'Again', externalId: 'spc-readers', createdBy: 'x' }),
    ).toBe('ALREADY_EXISTS');

    const listed = (where: object) => send('list-groups', { where, skip: 0, take: 10 });
    const found = { groups: [{ ...group, members: [] }] };
    expect(await listed({ externalId: { startsWith: 'spc-' } })).toEqual(found);
    expect(await listed({ name: { equals: 'Readers' } })).toEqual(found);
    expect(await listed({ externalId: { startsWith: 'SPC-' } })).toEqual({ groups: [] });
    expect(await send('find-group', { where: { name: { equals: 'Readers' } } })).toEqual({
      allGroups: [{ id, name: 'Readers' }],
    });

    expect(await send('rename-group', { groupId: id, name: 'Writers' })).toEqual({
      updateGroup: { ...group, name: 'Writers' },
    });
    expect(await refusal('rename-group', { groupId: UNKNOWN, name: 'W' })).toBe('NOT_FOUND');

    expect(await send('delete-group', { groupId: id })).toEqual({ deleteGroup: { id } });
    expect(await refusal('delete-group', { groupId: id })).toBe('NOT_FOUND');
  });

  it('are served by one deleteGroup, as long as they name one group', async () => {
    const [one, other] = [await seed.group(), await seed.group()];
    const both =
      'mutation ($one: String, $other: ID) { deleteGroup(id: $one, groupId: $other) { groupId } }';
    for (const variables of [{}, { one, other }]) {
      const error = await observer.refusalOf(() => acme.admin.refusal(both, variables));
      expect(error.extensions.code).toBe('INVALID_INPUT');
    }
    expect(await acme.admin.answer(both, { one, other: one })).toEqual({
      deleteGroup: { groupId: one },
    });
  });

  it('add and remove members, however often they say so, and it counts', async () => {
    const groupId = await seed.group();
    const [ann, ben] = [await seed.user(), await seed.user()];
    const scopeId = await seed.scope();
    await seed.assignment(groupId, await seed.builtInRole('reader'), scopeId, {
      granteeKind: 'GROUP',
    });
    const add = (...userIds: string[]) => send('add-members', { groupId, userIds });
    expect(await add(ann)).toEqual({ added: [{ entityId: ann, groupId }] });
    const { events } = await observer.effectOf(() => add(ann, ben));
    expect(events).toHaveLength(1);
    expect(await may(ben, 'document:read', scopeId)).toBe(true);
    expect(await refusal('add-members', { groupId, userIds: [ann, UNKNOWN] })).toBe('NOT_FOUND');

    const nested = await seed.group();
    await seed.addMembers(groupId, [{ kind: 'GROUP', id: nested }]);
    const { groups } = await send<{ groups: { members: { entityId: string }[] }[] }>(
      'list-groups',
      { where: { id: { equals: groupId } }, skip: 0, take: 1 },
    );
    expect(groups[0]?.members.map(({ entityId }) => entityId)).toEqual([ann, ben].sort());

    for (let time = 0; time < 2; time += 1) {
      expect(await send('remove-member', { groupId, userId: ben })).toEqual({ removed: true });
    }
    expect(await may(ben, 'document:read', scopeId)).toBe(false);
    expect(await may(ann, 'document:read', scopeId)).toBe(true);
    expect(await refusal('remove-member', { groupId: UNKNOWN, userId: ann })).toBe('NOT_FOUND');
  });
});

describe('known clients, about scopes', () => {
  it('generate them by path, once, and are answered in the order of the paths', async () => {
    const paths = ['/Site/Docs', '/Site', '/Site/Docs/2026'];
    const { answer, events } = await observer.effectOf(() => generate(paths));
    expect(events.map(({ type }) => type)).toEqual(Array(3).fill('scope-created'));
    const [docs, site, year] = answer;
    expect(answer.map(({ name }) => name)).toEqual(['Docs', 'Site', '2026']);
    expect(site).toMatchObject({ parentId: null, externalId: null, scopeAccess: [] });
    expect(docs?.parentId).toBe(site?.id);
    expect(year?.parentId).toBe(docs?.id);

    const { revision } = await observer.counter();
    expect(await generate(paths, false)).toEqual(answer);
    expect((await observer.counter()).revision).toBe(revision);
  });

  it('page through those below one, find them by what they call them, and never see the root', async () => {
    const [top, one, two] = await generate(['/Pages', '/Pages/One', '/Pages/Two']);
    const list = async (where: object, skip = 0) =>
      (
        await send<{ paginatedScope: { totalCount: number; nodes: Folder[] } }>('list-scopes', {
          ...{ where, skip, take: 1 },
        })
      ).paginatedScope;
    const below = { parentId: { equals: top?.id } };
    expect(await list(below)).toMatchObject({ totalCount: 2, nodes: [{ id: one?.id }] });
    expect(await list(below, 1)).toMatchObject({ totalCount: 2, nodes: [{ id: two?.id }] });
    expect(await list({ id: { equals: acme.rootScopeId } })).toMatchObject({ totalCount: 0 });
    expect(await list({ name: { equals: 'Pages' }, parentId: null })).toMatchObject({
      nodes: [{ id: top?.id, parentId: null }],
    });

    const update = (id: string | undefined, input: object) => send('update-scope', { id, input });
    expect(await update(one?.id, { externalId: 'spc:one' })).toMatchObject({
      updateScope: { id: one?.id, name: 'One', externalId: 'spc:one', parentId: top?.id },
    });
    expect(await list({ externalId: { startsWith: 'spc:' } })).toMatchObject({ totalCount: 1 });
    expect(await refusal('update-scope', { id: two?.id, input: { externalId: 'spc:one' } })).toBe(
      'ALREADY_EXISTS',
    );
    const connect = { connect: { id: one?.id } };
    expect(await update(two?.id, { name: 'Deux', parrentScope: connect })).toMatchObject({
      updateScope: { name: 'Deux', parentId: one?.id },
    });
  });

  it('move many at once, all or none', async () => {
    const [a, b, target] = await generate(['/From/A', '/From/B', '/To']);
    const scopeIds = [a?.id, b?.id];
    const { events } = await observer.effectOf(() =>
      send('move-folders', { scopeIds, targetScopeId: target?.id }),
    );
    expect(events.map(({ type }) => type)).toEqual(['scope-moved', 'scope-moved']);
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(document('move-folders'), {
        scopeIds: [target?.id, a?.id],
        targetScopeId: b?.id,
      }),
    );
    expect(error.extensions.code).toBe('SCOPE_CYCLE');
  });

  it('delete a folder with its contents, and are told why one stays', async () => {
    const [top, below] = await generate(['/Gone', '/Gone/Below']);
    const path = (...names: string[]) => `/${names.join('/')}`;
    const stays = await observer.refusalOf(async () => {
      const { deleteFolder } = await send<{ deleteFolder: { failedFolders: object[] } }>(
        'delete-folder',
        { scopeId: top?.id, recursive: false },
      );
      expect(deleteFolder).toMatchObject({
        successFolders: [],
        failedFolders: [{ id: top?.id, name: 'Gone', path: path('Gone') }],
      });
      return { message: JSON.stringify(deleteFolder.failedFolders), extensions: { code: '' } };
    });
    expect(stays.message).toContain('SCOPE_NOT_EMPTY');
    expect(await send('delete-folder', { scopeId: top?.id, recursive: true })).toEqual({
      deleteFolder: {
        failedFolders: [],
        successFolders: [
          { id: top?.id, name: 'Gone', path: path('Gone') },
          { id: below?.id, name: 'Below', path: path('Gone', 'Below') },
        ],
      },
    });
    expect(await refusal('delete-folder', { scopeId: top?.id, recursive: true })).toBe('NOT_FOUND');
  });

  it('give and take access, however often they say so, and it counts', async () => {
    const [top, below] = await generate(['/Shared', '/Shared/Below']);
    const scopeId = top?.id ?? '';
    const [ann, ben] = [await seed.user(), await seed.user()];
    const group = await seed.group([{ kind: 'USER', id: ben }]);
    const scopeAccesses = [
      { accessType: 'READ', entityId: ann, entityType: 'USER' },
      { accessType: 'WRITE', entityId: ann, entityType: 'USER' },
      { accessType: 'MANAGE', entityId: group, entityType: 'GROUP' },
    ];
    const give = (applyToSubScopes: boolean) =>
      send('give-access', {
        ...{ scopeId, scopeAccesses, applyToSubScopes, skipFileAccessPropagation: true },
      });
    const { events } = await observer.effectOf(() => give(false));
    expect(events).toHaveLength(3);
    expect(await give(false)).toEqual({ done: true });
    expect(await may(ann, 'document:write', scopeId)).toBe(true);
    expect(await may(ben, 'document:delete', scopeId)).toBe(true);
    expect(await may(ann, 'document:write', below?.id ?? '')).toBe(false);
    await give(true);
    expect(await may(ann, 'document:write', below?.id ?? '')).toBe(true);

    const [shown] = await generate(['/Shared']);
    expect(shown?.scopeAccess).toHaveLength(3);
    expect(shown?.scopeAccess).toContainEqual({
      ...{ entityId: group, entityType: 'GROUP', type: 'MANAGE' },
    });

    for (let time = 0; time < 2; time += 1) {
      const taken = { scopeId, scopeAccesses, applyToSubScopes: false };
      expect(await send('take-access', taken)).toEqual({ done: true });
    }
    for (const id of [ann, ben]) {
      expect(await may(id, 'document:read', scopeId)).toBe(false);
      expect(await may(id, 'document:read', below?.id ?? '')).toBe(false);
    }
  });

  it('are held to the same rules as everybody', async () => {
    const [mine] = await generate(['/Mine']);
    const caller = await seed.caller(['scope:read', 'scope:write', 'assignment:write'], mine?.id);
    const scopeAccesses = [{ accessType: 'READ', entityId: caller.id, entityType: 'USER' }];
    const escalating = await observer.refusalOf(() =>
      caller.refusal(document('give-access'), { scopeId: mine?.id, scopeAccesses }),
    );
    expect(escalating.extensions.code).toBe('ESCALATION');
    const elsewhere = await observer.refusalOf(() =>
      caller.refusal(document('generate-scopes'), { paths: ['/Site/Docs/New'] }),
    );
    expect(elsewhere.extensions).toMatchObject({ code: 'FORBIDDEN' });
    expect(elsewhere.extensions.details).not.toHaveProperty('scopeId');
    for (const paths of [[], ['/'], ['/a//b'], ['/a\u0000'], [`/${'a/'.repeat(50)}b`]]) {
      expect(await refusal('generate-scopes', { paths })).toBe('INVALID_INPUT');
    }
    const tooMany = { paths: Array.from({ length: 501 }, (_, n) => `/n${n}`) };
    expect(await refusal('generate-scopes', tooMany)).toBe('INVALID_INPUT');
  });
});
