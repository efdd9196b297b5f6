import { tenantFacts } from '@bastion/testing';
import { eventually } from './support/eventually.js';
import { GatekeeperWorld, type Replica } from './support/gatekeeper-world.js';
import { eventsOf } from './support/tenant-events.js';

interface AccessList {
  readonly items: string[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly consistencyToken: string;
}

const FIELDS = '{ items totalCount pageInfo { hasNextPage endCursor } consistencyToken }';
const QUERIES = {
  accessibleScopes: `query ($principal: PrincipalInput, $permission: String!, $context: JSON, $first: Int, $after: String, $atLeast: String) {
    list: accessibleScopes(principal: $principal, permission: $permission, context: $context, first: $first, after: $after, atLeast: $atLeast) ${FIELDS}
  }`,
  principalsWithAccess: `query ($permission: String!, $scopeId: ID!, $context: JSON, $first: Int, $after: String) {
    list: principalsWithAccess(permission: $permission, scopeId: $scopeId, context: $context, first: $first, after: $after) ${FIELDS}
  }`,
  accessibleResources: `query ($principal: PrincipalInput, $permission: String!, $resourceType: String, $context: JSON, $first: Int, $after: String) {
    list: accessibleResources(principal: $principal, permission: $permission, resourceType: $resourceType, context: $context, first: $first, after: $after) ${FIELDS.replace('items', 'items { type id }')}
  }`,
  permissionsOn: `query ($principal: PrincipalInput, $scopeId: ID!, $context: JSON, $first: Int, $after: String) {
    list: permissionsOn(principal: $principal, scopeId: $scopeId, context: $context, first: $first, after: $after) ${FIELDS}
  }`,
};

let world: GatekeeperWorld;
let replica: Replica;
let tokenOf: Record<'alice' | 'auditor', string>;

const acme = () =>
  tenantFacts()
    .user('alice')
    .user('bob')
    .user('carol', { status: 'SUSPENDED' })
    .user('auditor')
    .group('staff')
    .member('staff', 'bob')
    .member('staff', 'carol')
    .scope('ws')
    .scope('ws-a', { parentId: 'ws' })
    .scope('ws-b', { parentId: 'ws' })
    .scope('ws-cut', { parentId: 'ws', inheritsAccess: false })
    .resource('document:1', 'ws-a')
    .resource('document:2', 'ws-a')
    .resource('document:3', 'ws-b')
    .resource('note:1', 'ws')
    .resource('document:cut', 'ws-cut')
    .role('reader', ['document:read'])
    .role('owner', ['document:*'])
    .role('checker', ['access:check'])
    .assign('alice', 'owner', 'ws')
    .assign('staff', 'reader', 'ws')
    .deny('alice', 'reader', 'ws-b')
    .assign('bob', 'reader', 'document:cut')
    .deny('bob', 'reader', 'document:2')
    .role('editor', ['note:edit'])
    .assign('bob', 'editor', 'ws', { id: 'a-mfa', condition: 'context.mfa' })
    .assign('auditor', 'checker', 'root');

beforeAll(async () => {
  world = await GatekeeperWorld.start();
  replica = await world.replica();
  world.owner.commit('acme', eventsOf(acme().facts()));
  world.owner.commit('other', eventsOf(tenantFacts().user('alice').scope('ws').facts()));
  tokenOf = {
    alice: await world.token('acme', 'alice'),
    auditor: await world.token('acme', 'auditor'),
  };
});

afterAll(() => world.stop());

interface Asking {
  readonly as?: keyof typeof tokenOf;
  readonly on?: Replica;
}

async function ask(
  query: keyof typeof QUERIES,
  variables: object,
  { as = 'auditor', on = replica }: Asking = {},
): Promise<AccessList | string> {
  const answer = await world.graphql<{ list: AccessList }>(
    on,
    tokenOf[as],
    QUERIES[query],
    variables,
  );
  return answer.data?.list ?? answer.errors![0]!.extensions.code;
}

async function list(...[query, variables, asking]: Parameters<typeof ask>): Promise<AccessList> {
  const answer = await ask(query, variables, asking);
  if (typeof answer === 'string') throw new Error(`Refused: ${answer}`);
  return answer;
}

describe('a review of access', () => {
  it('lists the scopes in which a principal may do something', async () => {
    const principal = { id: 'alice' };
    const written = await list('accessibleScopes', { principal, permission: 'document:write' });
    expect(written).toMatchObject({ items: ['ws', 'ws-a', 'ws-b'], totalCount: 3 });
    const read = await list('accessibleScopes', { principal, permission: 'document:read' });
    expect(read).toMatchObject({ items: ['ws', 'ws-a'], totalCount: 2 });
    expect(read.consistencyToken).toBe(world.tokenOfHead('acme'));
  });

  it('lists who may do something in a scope, the inactive not', async () => {
    const asked = { permission: 'document:read', scopeId: 'ws-a' };
    expect((await list('principalsWithAccess', asked)).items).toEqual(['alice', 'bob']);
    const cut = { permission: 'document:read', scopeId: 'ws-cut' };
    expect((await list('principalsWithAccess', cut)).items).toEqual([]);
  });

  it('lists what a principal may do in a scope', async () => {
    const items = async (scopeId: string) =>
      (await list('permissionsOn', { principal: { id: 'alice' }, scopeId })).items;
    expect(await items('ws')).toEqual(['document:*', 'document:read']);
    expect(await items('ws-cut')).toEqual([]);
    expect(await items('nowhere')).toEqual([]);
  });

  it('lists the resources on which a principal may do something, page by page', async () => {
    const asked = { principal: { id: 'bob' }, permission: 'document:read' };
    const all = await list('accessibleResources', asked);
    expect(all.items).toEqual([
      { type: 'document', id: '1' },
      { type: 'document', id: '3' },
      { type: 'document', id: 'cut' },
      { type: 'note', id: '1' },
    ]);
    const documents = { ...asked, resourceType: 'document', first: 2 };
    const first = await list('accessibleResources', documents);
    expect(first).toMatchObject({ items: all.items.slice(0, 2), totalCount: 3 });
    const after = first.pageInfo.endCursor;
    const second = await list('accessibleResources', { ...documents, after });
    expect(second).toMatchObject({
      items: [{ type: 'document', id: 'cut' }],
      pageInfo: { hasNextPage: false },
    });
    expect(await ask('accessibleResources', { ...asked, after })).toBe('INVALID_INPUT');
  });

  it('is of the caller where nobody is named, and takes no right then', async () => {
    const own = await list('accessibleScopes', { permission: 'document:read' }, { as: 'alice' });
    expect(own.items).toEqual(['ws', 'ws-a']);
    const permissions = await list('permissionsOn', { scopeId: 'ws' }, { as: 'alice' });
    expect(permissions.items).toContain('document:*');
  });

  it.each<[keyof typeof QUERIES, object]>([
    ['accessibleScopes', { principal: { id: 'bob' }, permission: 'document:read' }],
    ['accessibleScopes', { principal: { id: 'nobody' }, permission: 'document:read' }],
    ['principalsWithAccess', { permission: 'document:read', scopeId: 'ws' }],
    ['permissionsOn', { principal: { subject: 'subject-bob' }, scopeId: 'ws' }],
  ])('of others is for those who may ask: %s %j', async (query, variables) => {
    expect(await ask(query, variables, { as: 'alice' })).toBe('FORBIDDEN');
  });

  it.each<[keyof typeof QUERIES, object]>([
    ['accessibleScopes', { permission: 'document' }],
    ['accessibleScopes', { permission: 'document:read', first: 0 }],
    ['accessibleScopes', { permission: 'document:read', first: 1_001 }],
    ['accessibleScopes', { permission: 'document:read', after: 'page two' }],
    ['principalsWithAccess', { permission: '', scopeId: 'ws' }],
    ['permissionsOn', { scopeId: '' }],
  ])('is refused as %s %j', async (query, variables) => {
    expect(await ask(query, variables)).toBe('INVALID_INPUT');
  });
});

describe('the pages of a review', () => {
  const asked = { principal: { id: 'alice' }, permission: 'document:write', first: 1 };

  it('are of one revision, whatever is committed in between', async () => {
    const first = await list('accessibleScopes', asked);
    expect(first).toMatchObject({ items: ['ws'], totalCount: 3, pageInfo: { hasNextPage: true } });

    const scope = { parentId: 'ws', type: 'folder', inheritsAccess: true };
    world.owner.commit('acme', [{ type: 'scope-created', scope: { id: 'ws-aa', ...scope } }]);
    const now = await list('accessibleScopes', {
      ...asked,
      first: 9,
      atLeast: world.tokenOfHead('acme'),
    });
    expect(now.items).toEqual(['ws', 'ws-a', 'ws-aa', 'ws-b']);

    const second = await list('accessibleScopes', { ...asked, after: first.pageInfo.endCursor });
    expect(second).toMatchObject({ items: ['ws-a'], totalCount: 3 });
    expect(second.consistencyToken).toBe(first.consistencyToken);
    const third = await list('accessibleScopes', { ...asked, after: second.pageInfo.endCursor });
    expect(third.items).toEqual(['ws-b']);
    expect(third.pageInfo).toEqual({ hasNextPage: false, endCursor: null });
  });

  it('go on at another replica while nothing changes, and are refused there once it has', async () => {
    const other = await world.replica();
    // Of four: the next page is the last, so nobody keeps it for a further one.
    const first = await list('accessibleScopes', { ...asked, first: 3 });
    const next = { ...asked, first: 3, after: first.pageInfo.endCursor };
    const there = () => ask('accessibleScopes', next, { on: other });
    const second = await eventually('the other replica at the same revision', async () => {
      const answer = await there();
      return typeof answer === 'object' && answer;
    });
    expect(second.items).toEqual(['ws-b']);
    world.owner.commit('acme', [{ type: 'group-created', group: { id: 'more' } }]);
    await eventually('a cursor that has expired there', async () => {
      return (await there()) === 'CURSOR_EXPIRED';
    });
    expect((await list('accessibleScopes', next)).items).toEqual(['ws-b']);
  });

  it('are for those who may ask now', async () => {
    const first = await list('accessibleScopes', asked);
    const next = { ...asked, after: first.pageInfo.endCursor };
    expect(await ask('accessibleScopes', next, { as: 'alice' })).toMatchObject({ items: ['ws-a'] });
    const ofBob = { principal: { id: 'bob' }, permission: 'document:read', first: 1 };
    const bobs = await list('accessibleScopes', ofBob);
    const nextOfBob = { ...ofBob, after: bobs.pageInfo.endCursor };
    expect(await ask('accessibleScopes', nextOfBob, { as: 'alice' })).toBe('FORBIDDEN');
  });

  it('are of one question', async () => {
    const { pageInfo } = await list('accessibleScopes', asked);
    const other = { ...asked, permission: 'document:read', after: pageInfo.endCursor };
    expect(await ask('accessibleScopes', other)).toBe('INVALID_INPUT');
  });
});

describe('an explanation', () => {
  const EXPLAIN = `query ($principal: PrincipalInput, $permission: String!, $scopeId: ID!, $at: DateTime) {
    explain(principal: $principal, permission: $permission, scopeId: $scopeId, at: $at) {
      allowed reason consistencyToken evaluatedAt
      paths { complete items { assignmentId members roles permission scopes cuts } }
      nearMisses { complete items { reason path { assignmentId members scopes cuts } } }
      remedies { complete items { changes { kind assignmentId scopeId groupId principalId roleId } } }
    }
  }`;

  const explain = async (variables: object, as: keyof typeof tokenOf = 'auditor') => {
    const { data, errors } = await world.graphql<{ explain: Explained }>(
      ...([replica, tokenOf[as], EXPLAIN, { permission: 'document:read', ...variables }] as const),
    );
    return data?.explain ?? errors![0]!.extensions.code;
  };

  it('shows the way from the principal to the permission and down to the scope', async () => {
    const { id } = acme()
      .facts()
      .assignments.find(({ granteeId }) => granteeId === 'staff')!;
    expect(await explain({ principal: { id: 'bob' }, scopeId: 'ws-a' })).toMatchObject({
      ...{ allowed: true, reason: 'ALLOWED_BY', consistencyToken: world.tokenOfHead('acme') },
      paths: {
        complete: true,
        items: [
          {
            assignmentId: id,
            ...{ members: ['bob', 'staff'], roles: ['reader'], permission: 'document:read' },
            ...{ scopes: ['ws', 'ws-a'], cuts: [] },
          },
        ],
      },
      nearMisses: { complete: true, items: [] },
      remedies: { complete: true, items: [] },
    });
  });

  it('says what keeps an assignment from allowing, and what would let it', async () => {
    const cut = await explain({ principal: { id: 'bob' }, scopeId: 'ws-cut' });
    expect(cut).toMatchObject({
      ...{ allowed: false, reason: 'INHERITANCE_CUT' },
      nearMisses: { items: [{ reason: 'INHERITANCE_CUT', path: { cuts: ['ws-cut'] } }] },
    });
    const changes = (cut as Explained).remedies!.items.map((remedy) => remedy.changes);
    expect(changes).toContainEqual([
      expect.objectContaining({ kind: 'INHERIT', scopeId: 'ws-cut', groupId: null }),
    ]);
    const denied = await explain({ principal: { id: 'alice' }, scopeId: 'ws-b' });
    expect(denied).toMatchObject({ reason: 'DENIED_BY', paths: { items: [{ scopes: ['ws-b'] }] } });
    expect((denied as Explained).remedies!.items[0]!.changes).toMatchObject([
      { kind: 'REMOVE_DENY' },
    ]);
  });

  it("of oneself takes no right, and names nothing that is not one's own", async () => {
    expect(await explain({ scopeId: 'ws-b' }, 'alice')).toMatchObject({
      ...{ allowed: false, reason: 'DENIED_BY' },
      remedies: null,
    });
    expect(await explain({ principal: { id: 'bob' }, scopeId: 'ws' }, 'alice')).toBe('FORBIDDEN');
    expect(await explain({ principal: { id: 'nobody' }, scopeId: 'ws' }, 'alice')).toBe(
      'FORBIDDEN',
    );
  });

  it('may be for another time, which who asks is not', async () => {
    const at = '2001-01-01T00:00:00.000Z';
    expect(await explain({ principal: { id: 'bob' }, scopeId: 'ws', at })).toMatchObject({
      ...{ allowed: true, evaluatedAt: at },
    });
  });
});

interface Explained {
  readonly remedies: { readonly items: readonly { readonly changes: readonly object[] }[] } | null;
}

describe('a context', () => {
  const context = { mfa: true };
  const bob = { principal: { id: 'bob' } };

  it('makes lists longer by what conditions allow in it', async () => {
    const editing = { permission: 'note:edit' };
    const asked: [keyof typeof QUERIES, object, unknown[]][] = [
      ['accessibleScopes', { ...bob, ...editing }, ['ws', 'ws-a', 'ws-b']],
      ['accessibleResources', { ...bob, ...editing }, [{ type: 'document', id: '1' }]],
      ['principalsWithAccess', { ...editing, scopeId: 'ws' }, ['bob']],
      ['permissionsOn', { ...bob, scopeId: 'ws' }, ['note:edit']],
    ];
    for (const [query, question, items] of asked) {
      expect(await ask(query, { ...question, context })).toMatchObject({
        items: expect.arrayContaining(items) as unknown[],
      });
      const without = await ask(query, question);
      expect((without as AccessList).items).not.toEqual(expect.arrayContaining(items));
    }
  });

  it('belongs to the question that a cursor goes on with', async () => {
    const question = { ...bob, permission: 'note:edit', first: 1 };
    const first = (await ask('accessibleScopes', { ...question, context })) as AccessList;
    const after = first.pageInfo.endCursor;
    expect(await ask('accessibleScopes', { ...question, context, after })).toMatchObject({
      items: ['ws-a'],
    });
    expect(await ask('accessibleScopes', { ...question, after })).toBe('INVALID_INPUT');
  });

  it('is looked at by an explanation, which names the condition and what is wrong with it', async () => {
    const query = `query ($context: JSON) {
      explain(principal: { id: "bob" }, permission: "note:edit", scopeId: "ws", context: $context) {
        allowed reason
        paths { items { assignmentId condition conditionProblem } }
        nearMisses { items { reason path { condition conditionProblem } } }
        remedies { items { changes { kind assignmentId } } }
      }
    }`;
    const explain = async (given: object) =>
      (
        await world.graphql<{ explain: object }>(replica, tokenOf.auditor, query, {
          context: given,
        })
      ).data?.explain;
    const condition = 'context.mfa';
    expect(await explain({ mfa: true })).toMatchObject({
      allowed: true,
      paths: { items: [{ assignmentId: 'a-mfa', condition, conditionProblem: null }] },
    });
    expect(await explain({ mfa: false })).toMatchObject({
      reason: 'CONDITION_FALSE',
      nearMisses: {
        items: [{ reason: 'CONDITION_FALSE', path: { condition, conditionProblem: null } }],
      },
    });
    expect(await explain({})).toMatchObject({
      reason: 'CONDITION_FALSE',
      nearMisses: { items: [{ path: { condition, conditionProblem: 'No such key: mfa' } }] },
      remedies: {
        items: expect.arrayContaining([
          { changes: [{ kind: 'LIFT_CONDITION', assignmentId: 'a-mfa' }] },
        ]) as object[],
      },
    });
  });
});
