import { jest } from '@jest/globals';
import { tenantFacts } from '@bastion/testing';
import { Admission, EventLoopProbe } from '../src/admission/index.js';
import { STANDING_MS } from '../src/admission/admission.js';
import { GatekeeperWorld, type Replica } from './support/gatekeeper-world.js';
import { eventsOf } from './support/tenant-events.js';

/** Later than any limit. */
const LATE_MS = 1_000_000;
/** Questions of one request of the flood. */
const BATCH = 200;

let world: GatekeeperWorld;
let replica: Replica;
let flooder: string;
let modest: string;

beforeAll(async () => {
  world = await GatekeeperWorld.start();
  replica = await world.replica();
  const facts = tenantFacts()
    .user('alice')
    .scope('ws')
    .role('reader', ['document:read'])
    .assign('alice', 'reader', 'ws')
    .facts();
  for (const tenantId of ['flood', 'modest']) world.owner.commit(tenantId, eventsOf(facts));
  flooder = await world.token('flood', 'alice');
  modest = await world.token('modest', 'alice');
  // The event loop is as late as the test says.
  replica.app.get(EventLoopProbe).onApplicationShutdown();
});

afterAll(() => world.stop());

const question = (action: string) => ({
  subject: { type: 'user', id: 'alice' },
  action: { name: action },
  resource: { type: 'document', id: '1', properties: { scope: 'ws' } },
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function post(path: string, token: string | null, body: unknown): Promise<Answer> {
  const response = await fetch(`${replica.url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== null && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const batch = (token: string) =>
  post('/access/v1/evaluations', token, {
    evaluations: Array.from({ length: BATCH }, (_, n) => question(n % 2 ? 'read' : 'write')),
  });

/** Makes it overloaded, right after the flood was let have as much as ten batches. */
async function overload(): Promise<void> {
  const admission = replica.app.get(Admission);
  admission.noteDelay(0);
  admission.noteDelay(LATE_MS);
  const end = performance.now() + STANDING_MS;
  while (performance.now() <= end) await new Promise(setImmediate);
  admission.admitQuestions('flood', 10 * BATCH);
  admission.noteDelay(LATE_MS);
}

const decisionsOf = (text: string) =>
  (JSON.parse(text) as { evaluations: { decision: boolean }[] }).evaluations.map(
    ({ decision }) => decision,
  );
const TRUTH = Array.from({ length: BATCH }, (_, n) => n % 2 === 1);

describe('an overloaded gatekeeper', () => {
  it('answers every check of a modest tenant, and refuses a flood without deciding anything', async () => {
    for (const token of [flooder, modest]) expect((await batch(token)).status).toBe(200);
    await overload();

    const flood = Array.from({ length: 40 }, () => batch(flooder));
    const asked = Array.from({ length: 10 }, (_, n) =>
      post('/access/v1/evaluation', modest, question(n % 2 ? 'read' : 'write')),
    );
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect(answers.map(({ text }) => (JSON.parse(text) as { decision: boolean }).decision)).toEqual(
      answers.map((_, n) => n % 2 === 1),
    );

    const floodAnswers = await Promise.all(flood);
    const refused = floodAnswers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, headers, text } of refused) {
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('1');
      expect(text).toBe('There is too much to do at the moment. Try again shortly.');
    }
    for (const { status, text } of floodAnswers) {
      if (status === 200) expect(decisionsOf(text)).toEqual(TRUTH);
    }
  });

  it('refuses over GraphQL in the form of GraphQL, and never its health', async () => {
    await overload();
    const query = { query: '{ me { subject } }' };
    let refused: Answer | undefined;
    while (!refused) {
      const flood = Array.from({ length: 20 }, () => batch(flooder));
      const asked = Array.from({ length: 20 }, () => post('/graphql', flooder, query));
      refused = (await Promise.all(asked)).find(({ status }) => status === 503);
      await Promise.all(flood);
    }
    expect(JSON.parse(refused.text)).toEqual({
      errors: [
        {
          message: 'There is too much to do at the moment. Try again shortly.',
          extensions: { code: 'UNAVAILABLE', requestId: expect.any(String) },
        },
      ],
    });
    for (const path of ['/health/live', '/health/ready', '/probe']) {
      expect((await fetch(`${replica.url}${path}`)).status).toBe(200);
    }
  });

  it('takes nobody for a tenant that a forged token names', async () => {
    await overload();
    const [header, payload] = modest.split('.');
    const forged = `${header}.${payload}.${flooder.split('.')[2]}`;
    const admitted = jest.spyOn(replica.app.get(Admission), 'admitRequest');
    const answers = await Promise.all(Array.from({ length: 50 }, () => batch(forged)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    expect((await post('/access/v1/evaluation', null, question('read'))).status).toBe(401);
    expect(admitted).not.toHaveBeenCalled();
    expect((await post('/access/v1/evaluation', modest, question('read'))).status).toBe(200);
    expect(admitted.mock.calls).toEqual([['modest']]);
    admitted.mockRestore();
  });

  it('answers everything again when it keeps up', async () => {
    replica.app.get(Admission).noteDelay(0);
    const answers = await Promise.all(Array.from({ length: 20 }, () => batch(flooder)));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  });
});
