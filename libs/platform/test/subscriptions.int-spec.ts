import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { TestIssuer, TestSubscription, type Told } from '@bastion/testing';
import { authEnvironment, readConfig, SOCKET_LIMITS } from '@bastion/platform';
import { WebSocket } from 'ws';
import { openSubscriptions, startSampleApp, type SampleApp } from './fixtures/sample.app.js';

let issuer: TestIssuer;
let sample: SampleApp;

beforeAll(async () => {
  issuer = await TestIssuer.start();
  sample = await startSampleApp(readConfig('auth', authEnvironment, issuer.environment));
});

afterAll(async () => {
  await sample?.app.close();
  await issuer?.stop();
});

const ann = (expiresInSeconds?: number) =>
  issuer.token({ tenantId: 'acme', subject: 'ann', ...(expiresInSeconds && { expiresInSeconds }) });

const NUMBERS = 'subscription ($upTo: Int!) { numbers(upTo: $upTo) }';

async function subscribe(
  query = NUMBERS,
  variables: Record<string, unknown> = { upTo: 2 },
  token?: string | null,
): Promise<TestSubscription> {
  return new TestSubscription(sample.url, token === undefined ? await ann() : token, {
    query,
    variables,
  });
}

/** The first thing that is told, of a subscription that is then left. */
async function firstOf(...args: Parameters<typeof subscribe>): Promise<Told<unknown>> {
  const subscription = await subscribe(...args);
  const told = await subscription.next();
  await subscription.stop();
  return told;
}

/** A socket of which the test says every word. */
class RawSocket {
  readonly #socket: WebSocket;

  constructor(url: string, headers: Record<string, string> = {}) {
    const address = `${url.replace('http', 'ws')}/graphql`;
    this.#socket = new WebSocket(address, 'graphql-transport-ws', { headers });
  }

  async opened(): Promise<this> {
    await once(this.#socket, 'open');
    return this;
  }

  say(message: object | string): void {
    this.#socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async hear(): Promise<Record<string, unknown>> {
    const [data] = (await once(this.#socket, 'message')) as [Buffer];
    return JSON.parse(data.toString()) as Record<string, unknown>;
  }

  async closed(): Promise<string> {
    const [code, reason] = (await once(this.#socket, 'close')) as [number, Buffer];
    return `${code} ${reason.toString()}`;
  }
}

async function introduced(token?: string): Promise<RawSocket> {
  const socket = await new RawSocket(sample.url).opened();
  socket.say({
    type: 'connection_init',
    payload: { authorization: `Bearer ${token ?? (await ann())}` },
  });
  expect(await socket.hear()).toEqual({ type: 'connection_ack' });
  return socket;
}

describe('a subscription', () => {
  it('tells one value after the other, until it is left', async () => {
    const subscription = await subscribe();
    expect([await subscription.data(), await subscription.data()]).toEqual([
      { numbers: 1 },
      { numbers: 2 },
    ]);
    expect(openSubscriptions).toEqual(['ann']);
    await subscription.stop();
    for (let turns = 0; openSubscriptions.length > 0 && turns < 1_000; turns += 1) {
      await new Promise(setImmediate);
    }
    expect(openSubscriptions).toEqual([]);
  });

  it.each([
    ['NOT_FOUND', 'is refused', { upTo: -1 }, NUMBERS],
    ['INVALID_INPUT', 'is given what it does not take', { upTo: 'many' }, NUMBERS],
    [
      'NOT_FOUND',
      'fails after a while',
      {},
      'subscription { numbers(upTo: 0, how: "catalogued") }',
    ],
    ['LAST_ADMIN', 'breaks a rule', {}, 'subscription { numbers(upTo: 0, how: "rejected") }'],
    ['INTERNAL_ERROR', 'has a fault', {}, 'subscription { numbers(upTo: 0, how: "fault") }'],
  ])('ends with %s when it %s', async (code, _what, variables, query) => {
    const told = await firstOf(query, variables);
    expect(told).toMatchObject({
      errors: [{ extensions: { code, requestId: expect.anything() } }],
    });
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });

  it.each([
    ['more than one field', `subscription { a: numbers(upTo: 1) b: numbers(upTo: 1) }`],
    ['a query', '{ callerSubject }'],
    ['an unknown field', 'subscription { nothingOfTheKind }'],
    ['what is no query', 'SELECT 1'],
    ['51 aliases', `subscription { ${'a: numbers(upTo: 1) '.repeat(51)} }`],
    ['2,001 tokens', `subscription { ${'a '.repeat(2_000)} }`],
    ['what is not there in the document', 'query A { open } subscription B { numbers(upTo: 1) }'],
  ])('is refused as %s', async (_what, query) => {
    const told = await firstOf(query, {});
    const errors = 'errors' in told ? told.errors : [];
    expect(errors.map(({ extensions }) => extensions)).toContainEqual(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });

  it('is one of a limited number on a socket', async () => {
    const socket = await introduced();
    const ask = (id: number): void =>
      socket.say({
        ...{ id: `${id}`, type: 'subscribe' },
        payload: { query: NUMBERS, variables: { upTo: 0 } },
      });
    for (let id = 0; id <= SOCKET_LIMITS.subscriptionsPerConnection; id += 1) ask(id);
    expect(await socket.hear()).toMatchObject({
      ...{ type: 'error', id: `${SOCKET_LIMITS.subscriptionsPerConnection}` },
      payload: [{ extensions: { details: { limit: 'subscriptions' } } }],
    });
  });
});

describe('a socket', () => {
  it.each<[string, () => Promise<string | null> | null]>([
    ['no token', () => null],
    ['an expired token', () => ann(-60)],
    ['a forged token', () => issuer.forgedToken({ tenantId: 'acme', subject: 'ann' })],
    ['a token of no tenant', () => issuer.token({ subject: 'ann' })],
  ])('is closed with %s, before anything it sent is parsed', async (_what, token) => {
    expect(await firstOf('SELECT 1', {}, await token())).toEqual({
      closed: { code: 4401, reason: 'Unauthorized' },
    });
  });

  it('may bring its token in the header of the request', async () => {
    const headers = { authorization: `Bearer ${await ann()}` };
    const socket = await new RawSocket(sample.url, headers).opened();
    socket.say({ type: 'connection_init' });
    expect(await socket.hear()).toEqual({ type: 'connection_ack' });
  });

  it('is closed when its token expires, whatever it is doing', async () => {
    const subscription = await subscribe(NUMBERS, { upTo: 1 }, await ann(1));
    await subscription.data();
    expect(await subscription.next()).toEqual({ closed: { code: 4403, reason: 'Token expired' } });
  });

  it.each<[string, string, (socket: RawSocket) => void]>([
    ['4400 Invalid message received', 'what is no message', (socket) => socket.say('{')],
    ['4401 Unauthorized', 'who asks before it is known', (socket) => socket.say(ASKING)],
    [
      '1009 ',
      'a message too large',
      (socket) => socket.say('x'.repeat(SOCKET_LIMITS.messageBytes + 1)),
    ],
  ])('is closed with %s for %s', async (expected, _what, say) => {
    const socket = await new RawSocket(sample.url).opened();
    const closed = socket.closed();
    say(socket);
    expect(await closed).toBe(expected);
  });

  it('is taken at the address of the API alone', async () => {
    const socket = new WebSocket(`${sample.url.replace('http', 'ws')}/notes`);
    expect(String((await once(socket, 'error'))[0])).toContain('404');
  });
});

const ASKING = { id: '1', type: 'subscribe', payload: { query: NUMBERS } };

describe('an HTTP client that offers another protocol', () => {
  it('is answered as one that does not', async () => {
    const { port, hostname } = new URL(sample.url);
    const client: Socket = connect(Number(port), hostname);
    const body = JSON.stringify({ name: 'ann' });
    client.write(
      `POST /notes HTTP/1.1\r\nhost: x\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n` +
        `http2-settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nauthorization: Bearer ${await ann()}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    let answer = '';
    for await (const part of client) {
      answer += String(part);
      if (answer.includes('{"name":"ann"}')) break;
    }
    expect(answer).toContain('HTTP/1.1 200 OK');
  });
});

describe('the end of the service', () => {
  it('tells every socket to go elsewhere, and waits for none that does not', async () => {
    const other = await startSampleApp(readConfig('auth', authEnvironment, issuer.environment));
    const subscription = new TestSubscription(other.url, await ann(), {
      query: NUMBERS,
      variables: { upTo: 1 },
    });
    await subscription.data();
    const told = subscription.next();
    await other.app.close();
    expect(await told).toEqual({ closed: { code: 1001, reason: 'Going away' } });
  });
});

describe('the explorer', () => {
  it('is a page without a script in it, made of files of this service', async () => {
    const page = await fetch(`${sample.url}/graphql/explorer`);
    const html = await page.text();
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';");
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)|https?:/);
    const files = [...html.matchAll(/(?:src|href)="([\w.]+)"/g)].map(([, file]) => file);
    expect(files.length).toBeGreaterThan(4);
    for (const file of files) {
      const answer = await fetch(`${sample.url}/graphql/explorer/${file}`);
      expect([file, answer.status]).toEqual([file, 200]);
      await answer.arrayBuffer();
    }
  });

  it.each([
    'nothing',
    '..%2f..%2fpackage.json',
    '../package.json',
    '%2e%2e/index.js',
    'index.html',
  ])('has no file %s', async (file) => {
    const { port, hostname } = new URL(sample.url);
    const client = connect(Number(port), hostname);
    client.write(`GET /graphql/explorer/${file} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    let answer = '';
    for await (const part of client) answer += String(part);
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
  });

  it('leaves the policy of all other answers as it is', async () => {
    const answer = await fetch(`${sample.url}/open`);
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none'",
    );
  });
});
