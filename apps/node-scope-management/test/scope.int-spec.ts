import { countStatements } from './support/count-statements.js';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const SCOPE = 'id parentId type name inheritsAccess';
const CREATE = `mutation ($input: CreateScopeInput!) {
  createScope(input: $input) { revision scope { ${SCOPE} } }
}`;
const MOVE = `mutation ($id: ID!, $parentId: ID!) {
  moveScope(scopeId: $id, parentId: $parentId) { scope { ${SCOPE} } }
}`;
const INHERIT = `mutation ($id: ID!, $inherits: Boolean!) {
  setScopeInheritance(scopeId: $id, inheritsAccess: $inherits) { scope { ${SCOPE} } }
}`;
const DELETE = `mutation ($id: ID!, $recursive: Boolean) {
  deleteScope(scopeId: $id, recursive: $recursive) { scopeId }
}`;
const ONE = `query ($id: ID!) { scope(id: $id) { ${SCOPE} } }`;
const LIST = `query ($parentId: ID, $first: Int! = 50, $after: String) {
  scopes(filter: { parentId: $parentId }, first: $first, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor }
  }
}`;
interface List {
  scopes: {
    totalCount: number;
    nodes: { id: string }[];
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
  };
}

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

const input = (rest: object = {}) => ({
  parentId: acme.rootScopeId,
  type: 'workspace',
  name: 'Sales',
  ...rest,
});

describe('createScope', () => {
  it('creates a scope that inherits, in one revision', async () => {
    const { answer, events } = await observer.effectOf(() =>
      acme.admin.answer<{ createScope: { scope: { id: string } } }>(CREATE, { input: input() }),
    );
    const { scope } = answer.createScope;
    expect(scope).toMatchObject({ ...input(), inheritsAccess: true });
    expect(events).toEqual([
      {
        type: 'scope-created',
        scope: {
          id: scope.id,
          parentId: acme.rootScopeId,
          type: 'workspace',
          inheritsAccess: true,
        },
      },
    ]);
  });

  it('refuses the name of a sibling, and no other', async () => {
    const parent = await seed.scope();
    await seed.scope(parent, { name: 'Taken' });
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(CREATE, { input: input({ parentId: parent, name: 'Taken' }) }),
    );
    expect(error.extensions.code).toBe('ALREADY_EXISTS');
    await acme.admin.answer(CREATE, { input: input({ name: 'Taken' }) });
  });

  it('is refused without scope:write at the parent', async () => {
    const mine = await seed.scope();
    const caller = await seed.caller(['scope:write'], mine);
    await caller.answer(CREATE, { input: input({ parentId: mine }) });
    const error = await observer.refusalOf(() =>
      caller.refusal(CREATE, { input: input({ name: 'Elsewhere' }) }),
    );
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    ['a parent that does not exist', { parentId: UNKNOWN }, 'NOT_FOUND'],
    ['a parent that is no id', { parentId: 'root' }, 'INVALID_INPUT'],
    ['a name of 201 letters', { name: 'a'.repeat(201) }, 'INVALID_INPUT'],
    ['a name with U+0000', { name: 'a\u0000' }, 'INVALID_INPUT'],
    ['a type with blanks', { type: 'work space' }, 'INVALID_INPUT'],
    ['a type of 65 letters', { type: 'a'.repeat(65) }, 'INVALID_INPUT'],
  ])('refuses %s', async (_what, rest, code) => {
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(CREATE, { input: input({ name: 'Malformed', ...rest }) }),
    );
    expect(error.extensions.code).toBe(code);
  });
});

describe('moveScope', () => {
  it('moves a scope with everything below it, in one revision and one row', async () => {
    const [from, to] = [await seed.scope(), await seed.scope()];
    const scope = await seed.scope(from);
    const below = await seed.scope(scope);
    const { answer, events } = await observer.effectOf(() =>
      acme.admin.answer(MOVE, { id: scope, parentId: to }),
    );
    expect(answer).toMatchObject({ moveScope: { scope: { id: scope, parentId: to } } });
    expect(events.map(({ type }) => type)).toEqual(['scope-moved']);
    expect(await acme.admin.answer(ONE, { id: below })).toMatchObject({
      scope: { parentId: scope },
    });
  });

  it('refuses to put a scope below itself', async () => {
    const scope = await seed.scope();
    const below = await seed.scope(await seed.scope(scope));
    for (const parentId of [scope, below]) {
      const error = await observer.refusalOf(() =>
        acme.admin.refusal(MOVE, { id: scope, parentId }),
      );
      expect(error.extensions.code).toBe('SCOPE_CYCLE');
    }
  });

  it('refuses where a scope of the name is already', async () => {
    const scope = await seed.scope(await seed.scope(), { name: 'Twin' });
    const to = await seed.scope();
    await seed.scope(to, { name: 'Twin' });
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(MOVE, { id: scope, parentId: to }),
    );
    expect(error.extensions.code).toBe('ALREADY_EXISTS');
  });

  it('refuses the root', async () => {
    const to = await seed.scope();
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(MOVE, { id: acme.rootScopeId, parentId: to }),
    );
    expect(error.extensions.code).toBe('ROOT_SCOPE_IMMUTABLE');
  });

  it('is refused without scope:write at both ends', async () => {
    const [from, to] = [await seed.scope(), await seed.scope()];
    const scope = await seed.scope(from);
    for (const held of [from, to]) {
      const caller = await seed.caller(['scope:write'], held);
      const error = await observer.refusalOf(() =>
        caller.refusal(MOVE, { id: scope, parentId: to }),
      );
      expect(error.extensions.code).toBe('FORBIDDEN');
    }
  });
});

describe('setScopeInheritance', () => {
  it('cuts a scope off and joins it again, each in one revision', async () => {
    const scope = await seed.scope();
    for (const inherits of [false, true]) {
      const { answer, events } = await observer.effectOf(() =>
        acme.admin.answer(INHERIT, { id: scope, inherits }),
      );
      expect(answer).toMatchObject({
        setScopeInheritance: { scope: { inheritsAccess: inherits } },
      });
      expect(events.map(({ type }) => type)).toEqual(['scope-inheritance-changed']);
    }
  });

  it('refuses to give what the caller lacks by joining', async () => {
    const scope = await seed.scope(acme.rootScopeId, { inheritsAccess: false });
    await seed.assignment(await seed.user(), await seed.builtInRole('writer'));
    const caller = await seed.caller(['scope:write'], scope);
    const error = await observer.refusalOf(() =>
      caller.refusal(INHERIT, { id: scope, inherits: true }),
    );
    expect(error.extensions.code).toBe('ESCALATION');
  });
});

describe('deleteScope', () => {
  it('takes everything below and all assignments along, in one revision', async () => {
    const top = await seed.scope();
    const middle = await seed.scope(top);
    const bottom = await seed.scope(middle);
    await seed.scope(top);
    const reader = await seed.builtInRole('reader');
    await seed.assignment(await seed.user(), reader, top);
    await seed.assignment(await seed.user(), reader, bottom, { reach: 'SELF' });
    const { answer, events } = await observer.effectOf(() =>
      acme.admin.answer(DELETE, { id: top, recursive: true }),
    );
    expect(answer).toEqual({ deleteScope: { scopeId: top } });
    const types = events.map(({ type }) => type).sort();
    expect(types).toEqual([
      'role-unassigned',
      'role-unassigned',
      'scope-deleted',
      'scope-deleted',
      'scope-deleted',
      'scope-deleted',
    ]);
    for (const id of [top, middle, bottom]) {
      expect(await acme.admin.answer(ONE, { id })).toEqual({ scope: null });
    }
  });

  it('refuses a scope with children unless told to take them', async () => {
    const top = await seed.scope();
    const below = await seed.scope(top);
    const error = await observer.refusalOf(() => acme.admin.refusal(DELETE, { id: top }));
    expect(error.extensions.code).toBe('SCOPE_NOT_EMPTY');
    await observer.effectOf(() => acme.admin.answer(DELETE, { id: below }));
    await observer.effectOf(() => acme.admin.answer(DELETE, { id: top }));
  });

  it.each([
    ['an unknown id', () => UNKNOWN, 'NOT_FOUND'],
    ['the root', () => acme.rootScopeId, 'ROOT_SCOPE_IMMUTABLE'],
    ['what is no id', () => 'root\u0000', 'INVALID_INPUT'],
  ])('refuses %s', async (_what, id, code) => {
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(DELETE, { id: id(), recursive: true }),
    );
    expect(error.extensions.code).toBe(code);
  });
});

describe('scope, rootScope and scopes', () => {
  it('show a scope with scope:read there, and nothing of what is elsewhere', async () => {
    const [mine, other] = [await seed.scope(), await seed.scope()];
    const below = await seed.scope(mine);
    const shut = await seed.scope(mine, { inheritsAccess: false });
    const caller = await seed.caller(['scope:read'], mine);

    expect(await caller.answer(ONE, { id: mine })).toMatchObject({ scope: { id: mine } });
    expect((await caller.refusal(ONE, { id: other })).extensions.code).toBe('FORBIDDEN');
    expect((await caller.refusal('{ rootScope { id } }')).extensions.code).toBe('FORBIDDEN');
    expect(await caller.answer(ONE, { id: UNKNOWN })).toEqual({ scope: null });

    const all = await caller.answer<List>(LIST);
    expect(all.scopes.nodes.map(({ id }) => id)).toEqual([mine, below].sort());
    expect(all.scopes.totalCount).toBe(2);
    const children = await caller.answer<List>(LIST, { parentId: mine });
    expect(children.scopes.nodes).toEqual([{ id: below }]);
    expect(children.scopes.nodes).not.toContainEqual({ id: shut });
    const elsewhere = await caller.answer<List>(LIST, { parentId: other });
    expect(elsewhere.scopes).toMatchObject({ totalCount: 0, nodes: [] });
  });

  it('are listed page by page, each once', async () => {
    const parent = await seed.scope();
    const ids = [];
    for (let n = 0; n < 5; n += 1) ids.push(await seed.scope(parent));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: List = await acme.admin.answer(LIST, { parentId: parent, first: 2, after });
      expect(page.scopes.totalCount).toBe(5);
      seen.push(...page.scopes.nodes.map(({ id }) => id));
      after = page.scopes.pageInfo.hasNextPage ? page.scopes.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(ids.sort());
  });
});

describe('changeScope', () => {
  const CHANGE = `mutation ($input: ChangeScopeInput!) {
    changeScope(input: $input) { scope { name externalId type } }
  }`;

  it('changes what a scope is called, and no fact', async () => {
    const scopeId = await seed.scope();
    const { revision } = await observer.counter();
    const named = { name: 'Called so', externalId: 'others/1' };
    expect(await acme.admin.answer(CHANGE, { input: { scopeId, ...named } })).toEqual({
      changeScope: { scope: { ...named, type: 'workspace' } },
    });
    expect((await observer.counter()).revision).toBe(revision);
    const filter = 'query ($id: String) { scopes(filter: { externalId: $id }) { nodes { id } } }';
    expect(await acme.admin.answer(filter, { id: 'others/1' })).toEqual({
      scopes: { nodes: [{ id: scopeId }] },
    });
    const other = await seed.scope();
    for (const [input, code] of [
      [{ scopeId: other, externalId: 'others/1' }, 'ALREADY_EXISTS'],
      [{ scopeId: other, name: 'Called so' }, 'ALREADY_EXISTS'],
      [{ scopeId: UNKNOWN, name: 'Nothing' }, 'NOT_FOUND'],
    ] as const) {
      const error = await observer.refusalOf(() => acme.admin.refusal(CHANGE, { input }));
      expect(error.extensions.code).toBe(code);
    }
  });
});

describe('createScopesByPath', () => {
  const BY_PATH = `mutation ($input: CreateScopesByPathInput!, $key: String) {
    createScopesByPath(input: $input, idempotencyKey: $key) {
      scopes { id path type inheritsAccess }
    }
  }`;

  it('creates what is missing, in one revision, with the types of its levels', async () => {
    const paths = ['Tree/Left/Leaf', '/Tree/Right'];
    const input = { paths, inheritsAccess: false, types: ['workspace', 'folder'] };
    const { answer, events } = await observer.effectOf(() =>
      acme.admin.answer(BY_PATH, { input, key: 'tree' }),
    );
    expect(events).toHaveLength(4);
    expect(answer).toMatchObject({
      createScopesByPath: {
        scopes: [
          { path: '/Tree/Left/Leaf', type: 'folder', inheritsAccess: false },
          { path: '/Tree/Right', type: 'folder', inheritsAccess: false },
        ],
      },
    });
    const before = await observer.counter();
    expect(await acme.admin.answer(BY_PATH, { input, key: 'tree' })).toEqual(answer);
    expect(await acme.admin.answer(BY_PATH, { input })).toEqual(answer);
    expect(await observer.counter()).toMatchObject(before);
  });
});

describe('what lies around a scope', () => {
  const AROUND = `query ($id: ID!, $first: Int! = 50, $after: String) {
    scope(id: $id) {
      path childCount ancestors { id }
      children(first: $first, after: $after) {
        totalCount nodes { id } pageInfo { hasNextPage endCursor }
      }
    }
  }`;

  it('is shown as far as the caller may read it', async () => {
    const top = await seed.scope(acme.rootScopeId, { name: 'Above' });
    const mine = await seed.scope(top, { name: 'Mine' });
    const [open, shut] = [
      await seed.scope(mine),
      await seed.scope(mine, { inheritsAccess: false }),
    ];
    const caller = await seed.caller(['scope:read'], mine);
    const seen = (ids: string[]) => ({ totalCount: ids.length, nodes: ids.map((id) => ({ id })) });
    expect(await acme.admin.answer(AROUND, { id: mine })).toMatchObject({
      scope: {
        ...{ path: '/Above/Mine', childCount: 2, children: seen([open, shut]) },
        ancestors: [{ id: acme.rootScopeId }, { id: top }],
      },
    });
    expect(await caller.answer(AROUND, { id: mine })).toMatchObject({
      scope: { path: '/…/Mine', childCount: 1, ancestors: [], children: seen([open]) },
    });
    const first = await acme.admin.answer<{
      scope: { children: { pageInfo: { endCursor: string } } };
    }>(AROUND, { id: mine, first: 1 });
    const after = first.scope.children.pageInfo.endCursor;
    expect(await acme.admin.answer(AROUND, { id: mine, first: 1, after })).toMatchObject({
      scope: {
        children: { totalCount: 2, nodes: [{ id: shut }], pageInfo: { hasNextPage: false } },
      },
    });
    const under = await acme.admin.answer<List>(
      `query ($id: ID!) { scopes(filter: { underId: $id }) {
        totalCount nodes { id } pageInfo { hasNextPage }
      } }`,
      { id: top },
    );
    expect(under.scopes.nodes.map(({ id }) => id)).toEqual([mine, open, shut].sort());
  });

  it('costs the same number of statements however many scopes there are', async () => {
    const list = () =>
      acme.admin.answer(
        '{ scopes(first: 20) { nodes { path childCount ancestors { id } children { nodes { id } } } } }',
      );
    await list();
    const few = await countStatements('acme', list);
    for (let n = 0; n < 5; n += 1) await seed.scope(await seed.scope());
    await list();
    expect(await countStatements('acme', list)).toBe(few);
  });
});

describe('moving a scope with 5,000 below it', () => {
  it('touches its row alone, and costs what moving an empty one costs', async () => {
    const [from, to] = [await seed.scope(), await seed.scope()];
    const [full, empty] = [await seed.scope(from), await seed.scope(from)];
    await service.database.query(
      `WITH RECURSIVE tree AS (
         SELECT $1::uuid AS id, $1::uuid AS parent_id, 0 AS depth
         UNION ALL
         SELECT gen_random_uuid(), tree.id, depth + 1
         FROM tree CROSS JOIN generate_series(1, 17) WHERE depth < 3)
       INSERT INTO scopes (tenant_id, id, parent_id, type, name)
       SELECT 'acme', id, parent_id, 'folder', id::text FROM tree WHERE depth > 0`,
      [full],
    );
    // Written past the service: a revision of its own makes it read the rows again.
    await service.database.query(
      `UPDATE tenant_counters SET epoch = epoch + 1, facts_digest = NULL WHERE tenant_id = 'acme'`,
    );
    const written = async () => {
      const rows = await service.database.query<{ id: string; written: string }>(
        `SELECT id, xmin::text AS written FROM scopes WHERE tenant_id = 'acme'`,
      );
      return new Map(rows.map((row) => [row.id, row.written]));
    };
    const move = (id: string) => acme.admin.answer(MOVE, { id, parentId: to });
    await seed.scope(); // reads the facts again
    const before = await written();
    expect(before.size).toBeGreaterThan(5_000);
    const { events } = await observer.effectOf(() => move(full));
    expect(events).toHaveLength(1);
    const after = await written();
    expect([...after].filter(([id, when]) => before.get(id) !== when)).toEqual([
      [full, after.get(full)],
    ]);
    const statements = await countStatements('acme', () => move(empty));
    expect(
      await countStatements('acme', () => acme.admin.answer(MOVE, { id: full, parentId: from })),
    ).toBe(statements);
  });
});
