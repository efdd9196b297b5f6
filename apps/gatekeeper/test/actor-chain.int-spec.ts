import { tenantFacts } from '@bastion/testing';
import { eventually } from './support/eventually.js';
import { GatekeeperWorld, type Replica } from './support/gatekeeper-world.js';
import { eventsOf } from './support/tenant-events.js';

interface Checked {
  readonly allowed: boolean;
  readonly reason: string;
  readonly assignmentIds: readonly string[];
  readonly deniedPrincipalId: string | null;
  readonly stale: boolean;
}

const CHECK = `query ($input: CheckInput!) {
  check(input: $input) { allowed reason assignmentIds deniedPrincipalId stale }
}`;

let world: GatekeeperWorld;
let replica: Replica;
let broker: string;

/** An agent that serves people by way of a broker, which is a service and asks. */
const acme = () =>
  tenantFacts()
    .servingStale(600_000)
    .user('alice')
    .user('suspended', { status: 'SUSPENDED' })
    .serviceAccount('agent')
    .serviceAccount('runner')
    .serviceAccount('idle')
    .serviceAccount('chief')
    .serviceAccount('broker')
    .scope('ws')
    .role('reader', ['document:read'])
    .role('checker', ['access:check'])
    .role('chief', ['*'], { privileged: true })
    .assign('alice', 'reader', 'ws', { id: 'a-alice' })
    .assign('agent', 'reader', 'ws', { id: 'a-agent' })
    .assign('runner', 'reader', 'ws', { id: 'a-runner' })
    .assign('suspended', 'reader', 'ws')
    .assign('chief', 'chief', 'ws')
    .assign('broker', 'checker', 'root');

beforeAll(async () => {
  world = await GatekeeperWorld.start();
  replica = await world.replica();
  world.owner.commit('acme', eventsOf(acme().facts()));
  const theirs = tenantFacts().serviceAccount('theirs').scope('ws').role('all', ['*']);
  world.owner.commit('other', eventsOf(theirs.assign('theirs', 'all').facts()));
  broker = await world.token('acme', 'broker');
});

afterAll(() => world.stop());

const inputOf = (actors: readonly object[]) => ({
  ...{ principal: { id: 'alice' }, actors, permission: 'document:read', scopeId: 'ws' },
});

async function check(actors: readonly object[], { on = replica, token = broker } = {}) {
  const input = inputOf(actors);
  const { data, errors } = await world.graphql<{ check: Checked }>(on, token, CHECK, { input });
  return data?.check ?? errors?.[0]?.extensions.code;
}

async function evaluate(actors: readonly object[]) {
  const response = await fetch(`${replica.url}/access/v1/evaluation`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${broker}` },
    body: JSON.stringify({
      subject: { type: 'user', id: 'alice', properties: { actors } },
      action: { name: 'read' },
      resource: { type: 'document', id: '42', properties: { scope: 'ws' } },
    }),
  });
  return { status: response.status, answer: await response.text() };
}

const CHAINS: [string, string[], string, string | null][] = [
  ['nobody', [], 'ALLOWED_BY', null],
  ['somebody who may', ['agent'], 'ALLOWED_BY', null],
  ['two who may', ['agent', 'runner'], 'ALLOWED_BY', null],
  ['one who may not', ['idle'], 'NO_ASSIGNMENT', 'idle'],
  ['one who may, and one who may not', ['agent', 'idle'], 'NO_ASSIGNMENT', 'idle'],
  ['one who may not, and one who may', ['idle', 'agent'], 'NO_ASSIGNMENT', 'idle'],
  ['two who may not', ['broker', 'idle'], 'NO_ASSIGNMENT', 'broker'],
  ['somebody unknown', ['agent', 'nobody'], 'UNKNOWN_PRINCIPAL', null],
  ["another tenant's administrator", ['theirs'], 'UNKNOWN_PRINCIPAL', null],
];

describe('what is asked for somebody, through others', () => {
  it.each(CHAINS)('is decided through %s: %j', async (_, ids, reason, deniedPrincipalId) => {
    const allowed = reason === 'ALLOWED_BY';
    const decided = { allowed, reason, deniedPrincipalId };
    expect(await check(ids.map((id) => ({ id })))).toMatchObject(decided);
    expect(await check(ids.map((id) => ({ subject: `subject-${id}` })))).toMatchObject(decided);

    const actors = ids.map((id) => ({ type: 'service_account', id }));
    const { status, answer } = await evaluate(actors);
    const { decision, context } = JSON.parse(answer) as { decision: boolean; context: object };
    expect({ status, decision, context }).toMatchObject({
      ...{ status: 200, decision: allowed },
      context: { reason, ...(deniedPrincipalId !== null && { deniedPrincipalId }) },
    });
    expect('deniedPrincipalId' in context).toBe(deniedPrincipalId !== null);
  });

  it('is denied through somebody suspended', async () => {
    expect(await check([{ id: 'suspended' }])).toMatchObject({
      ...{ allowed: false, reason: 'PRINCIPAL_INACTIVE', deniedPrincipalId: 'suspended' },
    });
    const { answer } = await evaluate([{ type: 'user', id: 'suspended' }]);
    expect(JSON.parse(answer)).toMatchObject({ decision: false });
  });

  it('names the assignments of all who are allowed', async () => {
    const checked = await check([{ id: 'agent' }, { id: 'runner' }]);
    expect(checked).toMatchObject({ assignmentIds: ['a-agent', 'a-alice', 'a-runner'] });
  });

  it('has a chain of a limited length', async () => {
    const actors = (count: number) => Array.from({ length: count }, () => ({ id: 'agent' }));
    expect(await check(actors(7))).toMatchObject({ allowed: true });
    expect(await check(actors(8))).toBe('INVALID_INPUT');
    const subjects = actors(8).map(({ id }) => ({ type: 'service_account', id }));
    expect((await evaluate(subjects)).status).toBe(400);
  });

  it('is refused to those who may not ask about others', async () => {
    const token = await world.token('acme', 'alice');
    expect(await check([{ id: 'agent' }], { token })).toBe('FORBIDDEN');
    expect(await check([{ id: 'nobody' }], { token })).toBe('FORBIDDEN');
    expect(await check([{ id: 'alice' }], { token })).toMatchObject({ allowed: true });
  });

  it('is served past the lease, unless one of them is allowed by privilege alone', async () => {
    const on = await world.replica({ LEASE_MS: '300', AT_LEAST_WAIT_MS: '50' });
    const actors = [{ id: 'agent' }, { id: 'chief' }];
    await eventually('a first answer', async () => {
      const checked = await check(actors, { on });
      return typeof checked === 'object' && checked.allowed;
    });
    world.owner.failing = true;
    const withheld = await eventually('the end of the lease', async () => {
      const checked = await check(actors, { on });
      return typeof checked === 'object' && checked.stale && checked;
    });
    expect(withheld).toMatchObject({ reason: 'STALE', deniedPrincipalId: 'chief' });
    expect(await check([{ id: 'agent' }], { on })).toMatchObject({ allowed: true, stale: true });
    world.owner.failing = false;
  });
});
