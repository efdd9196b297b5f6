import { tenantFacts } from '@bastion/testing';
import { eventually } from './support/eventually.js';
import { GatekeeperWorld, type Replica } from './support/gatekeeper-world.js';
import { eventsOf } from './support/tenant-events.js';

interface Check {
  allowed: boolean;
  reason: string;
  assignmentIds: string[];
  consistencyToken: string | null;
  evaluatedAt: string;
}

const CHECK = `query ($input: CheckInput!) {
  check(input: $input) { allowed reason assignmentIds consistencyToken evaluatedAt }
}`;
const CHECK_MANY = `query ($inputs: [CheckInput!]!) {
  checkMany(inputs: $inputs) { allowed reason assignmentIds consistencyToken evaluatedAt }
}`;
const SYNC_STATUS = '{ syncStatus { epoch revision fresh consistencyToken } }';

let world: GatekeeperWorld;
let replica: Replica;
let tokenOf: Record<'alice' | 'auditor' | 'stranger', string>;

const acme = () =>
  tenantFacts()
    .user('alice')
    .user('auditor')
    .scope('ws')
    .role('reader', ['document:read'])
    .role('checker', ['access:check'])
    .assign('alice', 'reader', 'ws', { id: 'a-alice' })
    .role('editor', ['document:edit'])
    .assign('alice', 'editor', 'ws', { id: 'a-mfa', condition: 'context.mfa' })
    .assign('auditor', 'checker', 'root');

beforeAll(async () => {
  world = await GatekeeperWorld.start();
  replica = await world.replica();
  world.owner.commit('acme', eventsOf(acme().facts()));
  // Another tenant with the same names, where nobody is given anything.
  world.owner.commit('other', eventsOf(tenantFacts().user('alice').scope('ws').facts()));
  tokenOf = {
    alice: await world.token('acme', 'alice'),
    auditor: await world.token('acme', 'auditor'),
    stranger: await world.token('acme', 'stranger'),
  };
});

afterAll(() => world.stop());

type Asker = keyof typeof tokenOf;

const ask = (asker: Asker, input: object) =>
  world.graphql<{ check: Check }>(replica, tokenOf[asker], CHECK, {
    input: { permission: 'document:read', scopeId: 'ws', ...input },
  });

async function answer(asker: Asker, input: object = {}): Promise<Check> {
  const { data, errors } = await ask(asker, input);
  if (!data) throw new Error(`Refused: ${JSON.stringify(errors)}`);
  return data.check;
}

async function refusal(asker: Asker, input: object): Promise<string> {
  const { data, errors } = await ask(asker, input);
  if (!errors?.[0]) throw new Error(`Answered: ${JSON.stringify(data)}`);
  return errors[0].extensions.code;
}

describe('check under a condition', () => {
  const editing = { permission: 'document:edit' };

  it('allows where the condition is true of the context', async () => {
    expect(await answer('alice', { ...editing, context: { mfa: true } })).toMatchObject({
      ...{ allowed: true, reason: 'ALLOWED_BY', assignmentIds: ['a-mfa'] },
    });
  });

  it.each([[{ mfa: false }], [{ mfa: 'true' }], [{}], [null], [undefined]])(
    'denies where it is not: %j',
    async (context) => {
      expect(await answer('alice', { ...editing, context })).toMatchObject({
        ...{ allowed: false, reason: 'CONDITION_FALSE', assignmentIds: ['a-mfa'] },
      });
    },
  );

  it.each([
    ['text', 'mfa'],
    ['list', [1]],
    ['deep object', { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } }],
    ['large object', { a: Array.from({ length: 300 }, () => 1) }],
  ])('refuses a context that is a %s', async (_, context) => {
    expect(await refusal('alice', { ...editing, context })).toBe('INVALID_INPUT');
  });

  it('takes a context that is written into the query', async () => {
    const query = `{ check(input: { permission: "document:edit", scopeId: "ws", context: { mfa: true } }) {
      allowed } }`;
    const { data } = await world.graphql<{ check: Check }>(replica, tokenOf.alice, query, {});
    expect(data?.check).toEqual({ allowed: true });
  });
});

describe('check', () => {
  it('says yes, why, from which revision and when', async () => {
    const { evaluatedAt, ...rest } = await answer('alice');
    expect(rest).toEqual({
      allowed: true,
      reason: 'ALLOWED_BY',
      assignmentIds: ['a-alice'],
      consistencyToken: world.tokenOfHead('acme'),
    });
    expect(Math.abs(Date.parse(evaluatedAt) - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    [{ permission: 'document:write' }, 'NO_ASSIGNMENT'],
    [{ scopeId: 'nowhere' }, 'UNKNOWN_SCOPE'],
  ])('says no to %j and why', async (input, reason) => {
    expect(await answer('alice', input)).toMatchObject({ allowed: false, reason });
  });

  it('answers about others to who may ask, by id and by subject', async () => {
    for (const principal of [{ id: 'alice' }, { subject: 'subject-alice' }]) {
      expect(await answer('auditor', { principal })).toMatchObject({ allowed: true });
    }
    expect(await answer('auditor', { principal: { id: 'nobody' } })).toMatchObject({
      reason: 'UNKNOWN_PRINCIPAL',
    });
  });

  it('refuses to answer about others to anybody else, whether they exist or not', async () => {
    for (const id of ['auditor', 'nobody']) {
      expect(await refusal('alice', { principal: { id } })).toBe('FORBIDDEN');
      expect(await refusal('stranger', { principal: { id } })).toBe('FORBIDDEN');
    }
  });

  it('answers from the tenant of the token and from no other', async () => {
    const other = await world.token('other', 'alice');
    const input = { permission: 'document:read', scopeId: 'ws' };
    const { data } = await world.graphql<{ check: Check }>(replica, other, CHECK, { input });
    expect(data?.check).toMatchObject({ allowed: false, reason: 'NO_ASSIGNMENT' });
    const nowhere = await world.token('nowhere', 'alice');
    const unknown = await world.graphql<{ check: Check }>(replica, nowhere, CHECK, { input });
    expect(unknown.data?.check).toMatchObject({ reason: 'NO_TENANT', consistencyToken: null });
  });

  it.each([
    { permission: 'document' },
    { permission: 'a\u0000:b' },
    { scopeId: '' },
    { scopeId: 'x'.repeat(129) },
    { principal: {} },
    { principal: { id: 'alice', subject: 'subject-alice' } },
    { principal: { id: null } },
    { atLeast: '' },
    { unknown: 1 },
    { scopeId: null },
    { scopeId: { id: 'ws' } },
  ])('refuses %j as not valid', async (input) => {
    expect(await refusal('alice', input)).toBe('INVALID_INPUT');
  });
});

describe('atLeast', () => {
  const grant = (id: string) => ({
    type: 'role-assigned' as const,
    assignment: { ...acme().facts().assignments[0]!, id, source: id },
  });

  it('is answered from the revision named or a later one, without a message having come', async () => {
    world.owner.commit('acme', [grant('a-second')]);
    const atLeast = world.tokenOfHead('acme');
    expect(await answer('alice', { atLeast })).toMatchObject({
      assignmentIds: ['a-alice', 'a-second'],
      consistencyToken: atLeast,
    });
  });

  it('is STALE for a revision that does not come', async () => {
    const head = world.owner.headAt('acme')!;
    const atLeast = world.tokens.issue({ ...head, revision: head.revision + 1 });
    expect(await answer('alice', { atLeast })).toMatchObject({ allowed: false, reason: 'STALE' });
  });

  it('is an error with what is no token of the tenant', async () => {
    const foreign = world.tokenOfHead('other');
    const [version, payload] = world.tokenOfHead('acme').split('.');
    for (const atLeast of [foreign, 'nonsense', `${version}.${payload}.AAAA`]) {
      expect(await refusal('alice', { atLeast })).toBe('INVALID_CONSISTENCY_TOKEN');
    }
  });

  it('is an error with a token of a history that is over', async () => {
    world.owner.commit('restored', eventsOf(acme().facts()));
    const token = await world.token('restored', 'alice');
    const atLeast = world.tokenOfHead('restored');
    const input = { permission: 'document:read', scopeId: 'ws', atLeast };
    const before = await world.graphql<{ check: Check }>(replica, token, CHECK, { input });
    expect(before.data?.check.allowed).toBe(true);
    world.owner.raiseEpoch('restored');
    await eventually('the new epoch is known', async () => {
      const { errors } = await world.graphql(replica, token, CHECK, { input });
      return errors?.[0]?.extensions.code === 'INVALID_CONSISTENCY_TOKEN';
    });
  });
});

describe('checkMany', () => {
  const askMany = (asker: Asker, inputs: readonly object[]) =>
    world.graphql<{ checkMany: Check[] }>(replica, tokenOf[asker], CHECK_MANY, {
      inputs: inputs.map((input) => ({ permission: 'document:read', scopeId: 'ws', ...input })),
    });

  it('answers in the order of the questions, all from one revision', async () => {
    const { data } = await askMany('auditor', [
      { principal: { id: 'alice' }, atLeast: world.tokenOfHead('acme') },
      { principal: { id: 'nobody' } },
      {},
    ]);
    expect(data?.checkMany.map(({ reason }) => reason)).toEqual([
      'ALLOWED_BY',
      'UNKNOWN_PRINCIPAL',
      'NO_ASSIGNMENT',
    ]);
    const tokens = new Set(data?.checkMany.map(({ consistencyToken }) => consistencyToken));
    expect(tokens).toEqual(new Set([world.tokenOfHead('acme')]));
  });

  it('answers 500 questions and refuses 501', async () => {
    const questions = (count: number) => Array.from({ length: count }, () => ({}));
    expect((await askMany('alice', questions(500))).data?.checkMany).toHaveLength(500);
    expect((await askMany('alice', questions(501))).errors?.[0]?.extensions.code).toBe(
      'INVALID_INPUT',
    );
    expect((await askMany('alice', [])).data?.checkMany).toEqual([]);
  });

  it('answers nothing when one of the questions may not be asked', async () => {
    const { data, errors } = await askMany('alice', [{}, { principal: { id: 'auditor' } }]);
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(data).toBeNull();
  });
});

describe('me and syncStatus', () => {
  const ME = '{ me { principalId subject status } }';

  it('say who the caller is', async () => {
    expect((await world.graphql(replica, tokenOf.alice, ME)).data).toEqual({
      me: { principalId: 'alice', subject: 'subject-alice', status: 'ACTIVE' },
    });
    expect((await world.graphql(replica, tokenOf.stranger, ME)).data).toEqual({
      me: { principalId: null, subject: 'subject-stranger', status: null },
    });
  });

  it('say how recent the answers are', async () => {
    const { epoch, revision } = world.owner.headAt('acme')!;
    expect((await world.graphql(replica, tokenOf.alice, SYNC_STATUS)).data).toEqual({
      syncStatus: {
        ...{ epoch, revision },
        fresh: true,
        consistencyToken: world.tokenOfHead('acme'),
      },
    });
    const nowhere = await world.token('nowhere', 'alice');
    expect((await world.graphql(replica, nowhere, SYNC_STATUS)).data).toEqual({
      syncStatus: { epoch: null, revision: null, fresh: false, consistencyToken: null },
    });
  });
});

describe('a replica that cannot ask the owner', () => {
  it('denies with STALE once its lease is over, and answers again when it can', async () => {
    const shortLeased = await world.replica({ LEASE_MS: '300', AT_LEAST_WAIT_MS: '50' });
    const reason = async () => {
      const input = { permission: 'document:read', scopeId: 'ws' };
      const { data } = await world.graphql<{ check: Check }>(shortLeased, tokenOf.alice, CHECK, {
        input,
      });
      return data?.check.reason;
    };
    await eventually('a first answer', async () => (await reason()) === 'ALLOWED_BY');
    world.owner.failing = true;
    await eventually('the end of the lease', async () => (await reason()) === 'STALE');
    expect((await world.graphql(shortLeased, tokenOf.alice, SYNC_STATUS)).data).toMatchObject({
      syncStatus: { fresh: false },
    });
    world.owner.failing = false;
    await eventually('a new lease', async () => (await reason()) === 'ALLOWED_BY');
  });

  it('answers from nothing that it read from its database alone', async () => {
    world.owner.commit('stored', eventsOf(acme().facts()));
    await eventually('the projection', async () => {
      const rows = await world.database.query(
        'SELECT FROM projection_cursors WHERE tenant_id = $1',
        ['stored'],
      );
      return rows.length === 1;
    });
    world.owner.failing = true;
    const token = await world.token('stored', 'alice');
    const input = { permission: 'document:read', scopeId: 'ws' };
    const { data } = await world.graphql<{ check: Check }>(replica, token, CHECK, { input });
    world.owner.failing = false;
    expect(data?.check).toMatchObject({ allowed: false, reason: 'STALE' });
  });
});

describe('health', () => {
  it('is ready when the database answers, with or without an owner', async () => {
    const ready = await fetch(`${replica.url}/health/ready`);
    expect({ status: ready.status, body: await ready.json() }).toEqual({
      status: 200,
      body: { status: 'ok' },
    });
  });

  it('is not ready when it does not', async () => {
    const elsewhere = new URL(world.database.urlAs('gatekeeper_app'));
    elsewhere.pathname = '/nowhere';
    const broken = await world.replica({ DATABASE_URL: elsewhere.href });
    // At first it has not asked the owner what time it is, either.
    const ready = await eventually('only the database failing', async () => {
      const response = await fetch(`${broken.url}/health/ready`);
      const body = (await response.json()) as { failing?: string[] };
      return !body.failing?.includes('replica') && { status: response.status, body };
    });
    expect(ready).toEqual({
      status: 503,
      body: { status: 'unavailable', failing: ['database'] },
    });
  });
});
