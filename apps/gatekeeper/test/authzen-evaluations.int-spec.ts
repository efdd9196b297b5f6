import { tenantFacts } from '@bastion/testing';
import { GatekeeperWorld, type Replica } from './support/gatekeeper-world.js';
import { eventsOf } from './support/tenant-events.js';

let world: GatekeeperWorld;
let replica: Replica;
let auditor: string;
let alice: string;

const acme = () =>
  tenantFacts()
    .user('alice')
    .user('bob')
    .user('auditor')
    .scope('ws')
    .role('reader', ['document:read'])
    .role('checker', ['access:check'])
    .assign('alice', 'reader', 'ws', { id: 'a-alice' })
    .assign('auditor', 'checker', 'root');

beforeAll(async () => {
  world = await GatekeeperWorld.start();
  replica = await world.replica();
  world.owner.commit('acme', eventsOf(acme().facts()));
  const theirs = tenantFacts().user('theirs').scope('theirs-ws').role('reader', ['document:read']);
  world.owner.commit('other', eventsOf(theirs.assign('theirs', 'reader', 'theirs-ws').facts()));
  auditor = await world.token('acme', 'auditor');
  alice = await world.token('acme', 'alice');
});

afterAll(() => world.stop());

const DEFAULTS = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'read' },
  resource: { type: 'document', id: '42', properties: { scope: 'ws' } },
};
const YES = {};
const NO = { action: { name: 'write' } };

interface Evaluated {
  readonly decision: boolean;
  readonly context: {
    readonly reason?: string;
    readonly consistencyToken?: string;
    readonly error?: { readonly status: number; readonly message: string };
  };
}

interface Sent {
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

async function send(body: unknown, { token = auditor, headers = {} }: Sent = {}) {
  const response = await fetch(`${replica.url}/access/v1/evaluations`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const answer = (isJson ? JSON.parse(text) : text) as unknown;
  return { status: response.status, headers: response.headers, answer };
}

async function evaluate(evaluations: readonly unknown[], part: object = {}, sent: Sent = {}) {
  const { status, answer } = await send({ ...DEFAULTS, ...part, evaluations }, sent);
  if (status !== 200) throw new Error(`Refused: ${status} ${String(answer)}`);
  return (answer as { evaluations: Evaluated[] }).evaluations;
}

const decisions = (evaluated: readonly Evaluated[]) => evaluated.map(({ decision }) => decision);

describe('POST /access/v1/evaluations', () => {
  it('answers each as a single evaluation, in order', async () => {
    const context = {
      evaluatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      consistencyToken: world.tokenOfHead('acme'),
    };
    expect((await send({ ...DEFAULTS, evaluations: [YES, NO] })).answer).toEqual({
      evaluations: [
        {
          decision: true,
          context: { ...context, reason: 'ALLOWED_BY', assignmentIds: ['a-alice'] },
        },
        {
          decision: false,
          context: {
            ...context,
            reason: 'NO_ASSIGNMENT',
            assignmentIds: [],
            deniedPrincipalId: 'alice',
          },
        },
      ],
    });
  });

  it.each([
    [undefined, [NO, YES, NO, YES], [false, true, false, true]],
    ['execute_all', [NO, YES, NO, YES], [false, true, false, true]],
    ['deny_on_first_deny', [YES, NO, YES], [true, false]],
    ['deny_on_first_deny', [YES, 'broken', YES], [true, false]],
    ['deny_on_first_deny', [YES, YES], [true, true]],
    ['permit_on_first_permit', [NO, 'broken', YES, NO], [false, false, true]],
    ['permit_on_first_permit', [NO, NO], [false, false]],
  ])('answers by %s to %j', async (evaluations_semantic, evaluations, expected) => {
    const evaluated = await evaluate(evaluations, { options: { evaluations_semantic } });
    expect(decisions(evaluated)).toEqual(expected);
  });

  it('takes what an evaluation does not bring from the defaults, and replaces the others whole', async () => {
    const evaluated = await evaluate([
      {},
      { subject: { type: 'user', id: 'bob' } },
      { action: { name: 'write' } },
      // No scope: the properties of the default are gone with it.
      { resource: { type: 'document', id: '42' } },
      { resource: { type: 'document', id: '42' }, context: { scope: 'ws' } },
      { ...DEFAULTS, subject: { type: 'service_account', id: 'alice' } },
    ]);
    expect(evaluated.map(({ context }) => context.reason)).toEqual([
      'ALLOWED_BY',
      'NO_ASSIGNMENT',
      'NO_ASSIGNMENT',
      'UNKNOWN_SCOPE',
      'ALLOWED_BY',
      'UNKNOWN_PRINCIPAL',
    ]);
  });

  it('works without defaults', async () => {
    const { answer } = await send({ evaluations: [DEFAULTS, { ...DEFAULTS, ...NO }] });
    expect(decisions((answer as { evaluations: Evaluated[] }).evaluations)).toEqual([true, false]);
  });

  it.each<[string, unknown, number, string]>([
    ['a field of the wrong type', { subject: { type: 'user', id: 7 } }, 400, 'subject.id'],
    ['an entity that is null', { resource: null }, 400, 'resource'],
    ['a list', [DEFAULTS], 400, 'expected object'],
    ['a forged token', { context: { atLeast: 'forged' } }, 400, 'consistency token'],
  ])('answers no to %s, and the others', async (_, broken, status, message) => {
    const [before, found, after] = await evaluate([YES, broken, YES]);
    expect([before!.decision, after!.decision]).toEqual([true, true]);
    expect(found).toEqual({
      decision: false,
      context: { error: { status, message: expect.stringContaining(message) } },
    });
  });

  it('answers no to a question that is not theirs to ask, and the others', async () => {
    const others = [YES, { subject: { type: 'user', id: 'bob' } }, YES];
    const evaluated = await evaluate(others, {}, { token: alice });
    expect(decisions(evaluated)).toEqual([true, false, true]);
    expect(evaluated[1]!.context.error).toEqual({
      status: 403,
      message: expect.stringMatching(/access:check/),
    });
  });

  it.each([{}, { evaluations: [] }])('answers as to a single one with %j', async (part) => {
    const { status, answer } = await send({ ...DEFAULTS, ...part });
    expect({ status, answer }).toMatchObject({
      status: 200,
      answer: { decision: true, context: { reason: 'ALLOWED_BY' } },
    });
    expect(answer).not.toHaveProperty('evaluations');
    expect((await send({ ...DEFAULTS, ...part, subject: undefined })).status).toBe(400);
  });

  it('answers 500 evaluations and refuses 501', async () => {
    const many = (count: number) => Array.from({ length: count }, () => YES);
    expect(decisions(await evaluate(many(500)))).toEqual(many(500).map(() => true));
    const { status, answer } = await send({ ...DEFAULTS, evaluations: many(501) });
    expect({ status, answer }).toEqual({ status: 400, answer: expect.stringMatching(/500/) });
  });

  it('answers all from one revision, no earlier than any that is named', async () => {
    world.owner.commit('acme', [{ type: 'group-created', group: { id: 'a-group' } }]);
    const early = world.tokenOfHead('acme');
    const assignment = acme().facts().assignments[0]!;
    const second = { ...assignment, id: 'a-second', source: 'second' };
    world.owner.commit('acme', [{ type: 'role-assigned', assignment: second }]);
    const late = world.tokenOfHead('acme');
    const evaluated = await evaluate([
      {},
      { context: { atLeast: early } },
      { context: { atLeast: late } },
      {},
    ]);
    const contexts = evaluated.map(({ context }) => context);
    expect(new Set(contexts.map(({ consistencyToken }) => consistencyToken))).toEqual(
      new Set([late]),
    );
    for (const context of contexts) {
      expect(context).toMatchObject({ assignmentIds: ['a-alice', 'a-second'] });
    }
  });

  it('is STALE as a whole for a revision that does not come', async () => {
    const impatient = await world.replica({ AT_LEAST_WAIT_MS: '50' });
    const head = world.owner.headAt('acme')!;
    const atLeast = world.tokens.issue({ ...head, revision: head.revision + 1 });
    const response = await fetch(`${impatient.url}/access/v1/evaluations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${auditor}` },
      body: JSON.stringify({ ...DEFAULTS, evaluations: [{}, { context: { atLeast } }] }),
    });
    const { evaluations } = (await response.json()) as { evaluations: Evaluated[] };
    expect(evaluations.map(({ context }) => context.reason)).toEqual(['STALE', 'STALE']);
  });

  it.each<[string, string]>([
    ['somebody', 'theirs'],
    ['nobody', 'nobodys'],
  ])('does not find what is of %s else', async (_, id) => {
    const evaluated = await evaluate([
      { subject: { type: 'user', id } },
      { resource: { type: 'document', id: '1', properties: { scope: `${id}-ws` } } },
      { subject: { ...DEFAULTS.subject, properties: { actors: [{ type: 'user', id }] } } },
    ]);
    expect(evaluated.map(({ context }) => context.reason)).toEqual([
      'UNKNOWN_PRINCIPAL',
      'UNKNOWN_SCOPE',
      'UNKNOWN_PRINCIPAL',
    ]);
  });

  it("takes another tenant's token for no token at all", async () => {
    const [evaluated] = await evaluate([{ context: { atLeast: world.tokenOfHead('other') } }]);
    expect(evaluated!.context.error?.status).toBe(400);
  });

  it.each<[string, unknown]>([
    ['JSON that is none', '{"evaluations":'],
    ['no body', ''],
    ['a list', [DEFAULTS]],
    ['an empty object', {}],
    ['evaluations that are no list', { ...DEFAULTS, evaluations: { 0: {} } }],
    ['evaluations that are null', { ...DEFAULTS, evaluations: null }],
    ['a default of the wrong type', { ...DEFAULTS, subject: 'alice', evaluations: [DEFAULTS] }],
    [
      'an unknown semantic',
      { ...DEFAULTS, evaluations: [{}], options: { evaluations_semantic: 'x' } },
    ],
    ['options that are a text', { ...DEFAULTS, evaluations: [{}], options: 'execute_all' }],
    ['a prototype', '{"evaluations": [{"__proto__": {"subject": 1}}]}'],
  ])('answers 400 and a text to %s', async (_, body) => {
    const { status, answer, headers } = await send(body);
    expect({ status, answer }).toEqual({ status: 400, answer: expect.stringMatching(/\w/) });
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
  });

  it.each([null, 'nonsense'])('answers 401 and a text to the token %s', async (token) => {
    const { status, answer, headers } = await send({ ...DEFAULTS, evaluations: [YES] }, { token });
    expect({ status, answer }).toEqual({ status: 401, answer: expect.stringMatching(/\w/) });
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  it('echoes the id of the request, and of a refused one', async () => {
    const headers = { 'x-request-id': 'trace-42' };
    for (const body of [{ ...DEFAULTS, evaluations: [YES] }, '{']) {
      expect((await send(body, { headers })).headers.get('x-request-id')).toBe('trace-42');
    }
  });
});
