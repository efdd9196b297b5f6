import { tenantFacts } from '@bastion/testing';
import { GatekeeperWorld, type Replica } from './support/gatekeeper-world.js';
import { eventsOf } from './support/tenant-events.js';

let world: GatekeeperWorld;
let replica: Replica;
let auditor: string;
let alice: string;

beforeAll(async () => {
  world = await GatekeeperWorld.start();
  replica = await world.replica();
  const facts = tenantFacts()
    .user('alice')
    .serviceAccount('robot')
    .user('auditor')
    .scope('ws')
    .scope('elsewhere')
    .resource('document:registered', 'ws')
    .resource('document:own', 'elsewhere')
    .role('reader', ['document:read', 'scope:read'])
    .role('checker', ['access:check'])
    .assign('alice', 'reader', 'ws', { id: 'a-alice' })
    .assign('alice', 'reader', 'document:own', { id: 'on-own' })
    .role('editor', ['document:edit'])
    .assign('alice', 'editor', 'ws', {
      id: 'a-edit',
      condition:
        'context.mfa && principal.properties.team == resource.properties.team && action.properties.soft',
    })
    .assign('auditor', 'checker', 'root')
    .facts();
  world.owner.commit('acme', eventsOf(facts));
  auditor = await world.token('acme', 'auditor');
  alice = await world.token('acme', 'alice');
});

afterAll(() => world.stop());

const REQUEST = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'read' },
  resource: { type: 'document', id: '42', properties: { scope: 'ws' } },
};

interface Sent {
  readonly body?: unknown;
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
  readonly path?: string;
  readonly method?: string;
}

async function evaluate({
  body = REQUEST,
  token = auditor,
  headers = {},
  path,
  method = 'POST',
}: Sent = {}) {
  const response = await fetch(`${replica.url}${path ?? '/access/v1/evaluation'}`, {
    method,
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(method === 'POST' && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json');
  const answer = (isJson ? JSON.parse(text) : text) as unknown;
  return { status: response.status, headers: response.headers, answer };
}

describe('POST /access/v1/evaluation', () => {
  it('answers 200 with the decision, its reason and the revision it was made from', async () => {
    const { status, answer } = await evaluate();
    expect(status).toBe(200);
    expect(answer).toEqual({
      decision: true,
      context: {
        reason: 'ALLOWED_BY',
        assignmentIds: ['a-alice'],
        evaluatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        consistencyToken: world.tokenOfHead('acme'),
      },
    });
  });

  it.each<[string, object, boolean, string]>([
    ['a permission nobody gave', { action: { name: 'write' } }, false, 'NO_ASSIGNMENT'],
    ['what is no permission', { action: { name: 'a b' } }, false, 'NO_ASSIGNMENT'],
    ['a stranger', { subject: { type: 'user', id: 'x' } }, false, 'UNKNOWN_PRINCIPAL'],
    [
      'another kind',
      { subject: { type: 'service_account', id: 'alice' } },
      false,
      'UNKNOWN_PRINCIPAL',
    ],
    [
      'a type of subject there is not',
      { subject: { type: 'cat', id: 'alice' } },
      false,
      'UNKNOWN_PRINCIPAL',
    ],
    ['no scope', { resource: { type: 'document', id: '42' } }, false, 'UNKNOWN_SCOPE'],
    [
      'an unknown scope',
      { context: { scope: 'x' }, resource: { type: 'document', id: '42' } },
      false,
      'UNKNOWN_SCOPE',
    ],
    [
      'a registered resource without its scope',
      { resource: { type: 'document', id: 'registered' } },
      true,
      'ALLOWED_BY',
    ],
    [
      'a registered resource in another scope',
      { resource: { type: 'document', id: 'registered', properties: { scope: 'elsewhere' } } },
      false,
      'RESOURCE_SCOPE_MISMATCH',
    ],
    [
      'a resource that is assigned itself',
      { resource: { type: 'document', id: 'own' } },
      true,
      'ALLOWED_BY',
    ],
    [
      'a resource beside it, of the same scope',
      { resource: { type: 'document', id: 'x', properties: { scope: 'elsewhere' } } },
      false,
      'NO_ASSIGNMENT',
    ],
    [
      'a registered resource as a scope',
      { resource: { type: 'scope', id: 'document:registered' } },
      false,
      'UNKNOWN_SCOPE',
    ],
    ['two scopes', { context: { scope: 'elsewhere' } }, false, 'RESOURCE_SCOPE_MISMATCH'],
    [
      'the scope in the context',
      { context: { scope: 'ws' }, resource: { type: 'document', id: '42' } },
      true,
      'ALLOWED_BY',
    ],
    ['a scope itself', { resource: { type: 'scope', id: 'ws' } }, true, 'ALLOWED_BY'],
    [
      'a subject of the identity provider',
      { subject: { type: 'user', id: 'subject-alice', properties: { identifier: 'subject' } } },
      true,
      'ALLOWED_BY',
    ],
    [
      'fields it does not know',
      { extra: { deep: [1] }, action: { name: 'read', how: 'fast' } },
      true,
      'ALLOWED_BY',
    ],
  ])('decides about %s', async (_, part, decision, reason) => {
    const { status, answer } = await evaluate({ body: { ...REQUEST, ...part } });
    expect({ status, answer }).toMatchObject({
      status: 200,
      answer: { decision, context: { reason } },
    });
  });

  it('decides from the revision asked for, or a later one', async () => {
    world.owner.commit('acme', [
      {
        type: 'principal-status-changed',
        principal: {
          id: 'robot',
          kind: 'SERVICE_ACCOUNT',
          status: 'SUSPENDED',
          subject: 'subject-robot',
        },
      },
    ]);
    const atLeast = world.tokenOfHead('acme');
    const body = {
      ...REQUEST,
      subject: { type: 'service_account', id: 'robot' },
      context: { atLeast },
    };
    expect((await evaluate({ body })).answer).toMatchObject({
      decision: false,
      context: { reason: 'PRINCIPAL_INACTIVE', consistencyToken: atLeast },
    });
  });

  it('echoes the id of the request, and of a refused one', async () => {
    const headers = { 'x-request-id': 'trace-42' };
    expect((await evaluate({ headers })).headers.get('x-request-id')).toBe('trace-42');
    expect((await evaluate({ headers, body: '{' })).headers.get('x-request-id')).toBe('trace-42');
  });

  it.each<[string, Sent]>([
    ['JSON that is none', { body: '{"subject":' }],
    ['no body', { body: '' }],
    ['a body that is no object', { body: '[]' }],
    ['an empty object', { body: {} }],
    ['no subject', { body: { ...REQUEST, subject: undefined } }],
    ['no action', { body: { ...REQUEST, action: undefined } }],
    ['no resource', { body: { ...REQUEST, resource: undefined } }],
    ['no id of the subject', { body: { ...REQUEST, subject: { type: 'user' } } }],
    ['an id that is a number', { body: { ...REQUEST, resource: { type: 'document', id: 42 } } }],
    ['a context that is text', { body: { ...REQUEST, context: 'now' } }],
    ['a token that is none', { body: { ...REQUEST, context: { atLeast: 'x' } } }],
    ["another tenant's token", { body: { ...REQUEST, context: { atLeast: '#other' } } }],
    ['XML', { headers: { 'content-type': 'application/xml' }, body: '<subject/>' }],
    ['plain text', { headers: { 'content-type': 'text/plain' } }],
    ['a prototype', { body: '{"__proto__": {"subject": 1}, "subject": {"type": "user"}}' }],
  ])('answers 400 and a text to %s', async (_, sent) => {
    const other = world.tokens.issue({ tenantId: 'other', epoch: 1, revision: 1 });
    const body = JSON.parse(JSON.stringify(sent.body ?? null).replace('#other', other)) as unknown;
    const { status, answer, headers } = await evaluate({ ...sent, body: body ?? undefined });
    expect({ status, answer }).toEqual({ status: 400, answer: expect.stringMatching(/\w/) });
    expect(headers.get('content-type')).toMatch(/^text\/plain/);
  });

  it.each<[string, () => Promise<string | null>]>([
    ['no token', () => Promise.resolve(null)],
    ['nonsense', () => Promise.resolve('nonsense')],
    [
      'an expired token',
      () =>
        world.issuer.token({ tenantId: 'acme', subject: 'subject-alice', expiresInSeconds: -60 }),
    ],
    [
      'a forged token',
      () => world.issuer.forgedToken({ tenantId: 'acme', subject: 'subject-alice' }),
    ],
    [
      'a token for somebody else',
      () => world.issuer.token({ tenantId: 'acme', subject: 'subject-alice', audience: 'else' }),
    ],
    [
      "another issuer's token",
      () => world.issuer.token({ tenantId: 'acme', subject: 'subject-alice', issuer: 'https://x' }),
    ],
  ])('answers 401 and a text to %s', async (_, tokenOf) => {
    const { status, answer, headers } = await evaluate({ token: await tokenOf() });
    expect({ status, answer }).toEqual({ status: 401, answer: expect.stringMatching(/\w/) });
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  it('answers 403 and a text to who may not ask about others', async () => {
    const body = { ...REQUEST, subject: { type: 'user', id: 'auditor' } };
    const { status, answer } = await evaluate({ token: alice, body });
    expect({ status, answer }).toEqual({
      status: 403,
      answer: expect.stringMatching(/access:check/),
    });
  });

  it('lets everybody ask about themselves', async () => {
    expect((await evaluate({ token: alice })).answer).toMatchObject({ decision: true });
  });

  it('refuses a token without a tenant', async () => {
    const token = await world.issuer.token({ subject: 'subject-alice' });
    const { status, answer } = await evaluate({ token });
    expect([401, 403]).toContain(status);
    expect(typeof answer).toBe('string');
  });

  it('never says yes about another tenant', async () => {
    const token = await world.token('other', 'auditor');
    expect((await evaluate({ token })).answer).toMatchObject({
      decision: false,
      context: { reason: 'NO_TENANT' },
    });
  });
});

describe('GET /.well-known/authzen-configuration', () => {
  it('tells anybody where to ask', async () => {
    const { status, answer } = await evaluate({
      path: '/.well-known/authzen-configuration',
      method: 'GET',
      token: null,
    });
    expect({ status, answer }).toEqual({
      status: 200,
      answer: {
        policy_decision_point: 'https://gatekeeper.example',
        access_evaluation_endpoint: 'https://gatekeeper.example/access/v1/evaluation',
        access_evaluations_endpoint: 'https://gatekeeper.example/access/v1/evaluations',
      },
    });
  });
});

describe('conditions', () => {
  const body = {
    subject: { type: 'user', id: 'alice', properties: { team: 'red' } },
    action: { name: 'edit', properties: { soft: true } },
    resource: { type: 'document', id: '42', properties: { scope: 'ws', team: 'red' } },
    context: { mfa: true },
  };

  it('look at subject, action, resource and context as they were sent', async () => {
    expect((await evaluate({ body })).answer).toMatchObject({
      decision: true,
      context: { assignmentIds: ['a-edit'] },
    });
  });

  it.each([
    ['subject', { type: 'user', id: 'alice' }],
    ['action', { name: 'edit', properties: { soft: false } }],
    ['resource', { ...body.resource, properties: { scope: 'ws', team: 'blue' } }],
    ['context', undefined],
    ['context', { mfa: true, padding: 'x'.repeat(2_000) }],
  ])('are not true of another %s', async (part, changed) => {
    expect((await evaluate({ body: { ...body, [part]: changed } })).answer).toMatchObject({
      decision: false,
      context: { reason: 'CONDITION_FALSE', assignmentIds: ['a-edit'] },
    });
  });
});
