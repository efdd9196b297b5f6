import { once } from 'node:events';
import { connect } from 'node:net';
import type { AuthOptions } from '@bastion/platform';
import { IdentityProvider, newSigningKey, type SigningKey } from './fixtures/identity-provider.js';
import {
  farewell,
  sampleCheck,
  slowRoute,
  startSampleApp,
  type SampleApp,
} from './fixtures/sample.app.js';

const TENANT = 'urn:tenant';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let provider: IdentityProvider;
let key: SigningKey;
let sample: SampleApp;
let ada: string;
let service: string;
let stray: string;
let namesake: string;

beforeAll(async () => {
  provider = await IdentityProvider.start();
  key = await newSigningKey('key-1');
  provider.publish(key);
  sample = await startSampleApp(auth(), {
    renderError: (body, request) => (request.url.startsWith('/plain') ? body.message : undefined),
  });
  ada = await provider.token(key, { sub: 'ada', [TENANT]: 'acme' });
  service = await provider.token(key, { sub: 'gatekeeper' });
  stray = await provider.token(key, { sub: 'stray' });
  namesake = await provider.token(key, {
    iss: SERVICE_ACCOUNTS,
    sub: 'gatekeeper',
    [TENANT]: 'acme',
  });
});

afterAll(async () => {
  await sample.app.close();
  await provider.stop();
});

beforeEach(() => sample.log.splice(0));

const SERVICE_ACCOUNTS = 'https://nsm.example.com';

const auth = (): AuthOptions => ({
  issuers: [
    { issuer: provider.issuer },
    { issuer: SERVICE_ACCOUNTS, jwksUri: `${provider.issuer}/keys`, kind: 'SERVICE_ACCOUNT' },
  ],
  audience: 'bastion',
  tenantClaim: TENANT,
  serviceSubjects: ['gatekeeper'],
});
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const call = (path: string, init: RequestInit = {}) => fetch(`${sample.url}${path}`, init);
const logged = (msg: string) => sample.log.filter((line) => line.msg === msg);

async function answer(path: string, init: RequestInit = {}) {
  const response = await call(path, init);
  const text = await response.text();
  const body: unknown = text.startsWith('{') ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
}

const post = (body: RequestInit['body'], contentType: string | undefined = 'application/json') =>
  answer('/notes', {
    method: 'POST',
    body,
    headers: { ...bearer(ada), ...(contentType && { 'content-type': contentType }) },
  });

describe('an ordinary route', () => {
  it('knows its caller', async () => {
    const { status, body } = await answer('/caller', {
      headers: { ...bearer(ada), 'x-request-id': 'r-1' },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      tenantId: 'acme',
      subject: 'ada',
      issuer: provider.issuer,
      requestId: 'r-1',
    });
  });

  it.each([
    ['no token', {}, 'NO_TOKEN'],
    ['a malformed header', { authorization: 'Basic YWRhOnB3' }, 'MALFORMED_HEADER'],
    ['a malformed token', { authorization: 'Bearer a.b.c' }, 'MALFORMED_TOKEN'],
    ['an oversize token', { authorization: `Bearer ${'x'.repeat(10_000)}` }, 'TOKEN_TOO_LARGE'],
  ])('refuses %s, and tells the reason to the log alone', async (_, headers, reason) => {
    const { status, headers: answered, body } = await answer('/caller', { headers });
    expect(status).toBe(401);
    expect(answered.get('www-authenticate')).toBe('Bearer');
    expect(body).toEqual({
      code: 'UNAUTHENTICATED',
      message: 'Authentication is required.',
      requestId: answered.get('x-request-id'),
    });
    expect(logged('Token refused')).toMatchObject([
      { reason, requestId: answered.get('x-request-id') },
    ]);
  });

  it('refuses a token that belongs to no tenant, even of a trusted service', async () => {
    for (const token of [stray, service]) {
      const { status, body } = await answer('/caller', { headers: bearer(token) });
      expect([status, body]).toMatchObject([401, { code: 'UNAUTHENTICATED' }]);
    }
    expect(logged('Token refused').map((line) => line.reason)).toEqual(['NO_TENANT', 'NO_TENANT']);
  });

  it('takes no token from anywhere but the header', async () => {
    expect((await answer(`/caller?access_token=${ada}`)).status).toBe(401);
    expect((await answer('/caller', { headers: { cookie: `access_token=${ada}` } })).status).toBe(
      401,
    );
  });
});

describe('a service-only route', () => {
  it('lets a named service through, with or without a tenant of its own', async () => {
    const bound = await provider.token(key, { sub: 'gatekeeper', [TENANT]: 'platform' });
    expect((await answer('/service', { headers: bearer(service) })).status).toBe(200);
    expect((await answer('/service', { headers: bearer(bound) })).status).toBe(200);
  });

  it('refuses everybody else', async () => {
    expect(await answer('/service')).toMatchObject({
      status: 401,
      body: { code: 'UNAUTHENTICATED' },
    });
    for (const token of [ada, stray, namesake]) {
      const { status, body } = await answer('/service', { headers: bearer(token) });
      expect([status, body]).toMatchObject([403, { code: 'FORBIDDEN' }]);
    }
  });

  it('has no caller bound to a tenant to offer', async () => {
    const { status, body } = await answer('/service-caller', { headers: bearer(service) });
    expect([status, body]).toMatchObject([500, { code: 'INTERNAL_ERROR' }]);
  });
});

describe('a public route', () => {
  it('asks for nothing and believes nothing', async () => {
    expect((await answer('/open')).status).toBe(200);
    expect((await answer('/open', { headers: { authorization: 'Bearer a.b.c' } })).status).toBe(
      200,
    );
  });
});

describe('an error answer', () => {
  it('is JSON with code, message, details and request id', async () => {
    const { status, body } = await answer('/fail/catalogued', {
      headers: { ...bearer(ada), 'x-request-id': 'r-2' },
    });
    expect(status).toBe(404);
    expect(body).toEqual({
      code: 'NOT_FOUND',
      message: 'There is no such note.',
      details: { id: 'n-1' },
      requestId: 'r-2',
    });
  });

  it('renders the rejections of the access rules', async () => {
    const { status, body } = await answer('/fail/rejected', { headers: bearer(ada) });
    expect([status, body]).toMatchObject([
      409,
      { code: 'LAST_ADMIN', message: 'One administrator stays.' },
    ]);
  });

  it('masks a fault, and logs it under the same request id', async () => {
    const { status, body, headers } = await answer('/fail/fault', { headers: bearer(ada) });
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('hunter2');
    expect(body).toMatchObject({ code: 'INTERNAL_ERROR', requestId: headers.get('x-request-id') });
    expect(logged('HTTP request failed')).toMatchObject([
      {
        level: 'error',
        requestId: headers.get('x-request-id'),
        tenantId: 'acme',
        subject: 'ada',
        err: { message: 'password=hunter2', stack: expect.stringContaining('sample.app') },
      },
    ]);
  });

  it.each([
    ['malformed JSON', '{"name":', 'application/json', 400],
    ['an empty body', '', 'application/json', 400],
    ['a body that sets a prototype', '{"__proto__": {"admin": true}}', 'application/json', 400],
    [
      'an oversize body',
      JSON.stringify({ name: 'x'.repeat(1024 * 1024) }),
      'application/json',
      413,
    ],
    ['input outside the rules', '{"name":"a\\u0000b"}', 'application/json', 400],
    ['input of the wrong type', '{"name":7}', 'application/json', 400],
  ])('calls %s invalid input', async (_, body, contentType, expected) => {
    const answered = await post(body, contentType);
    expect([answered.status, answered.body]).toMatchObject([expected, { code: 'INVALID_INPUT' }]);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'application/xml'])(
    'reads no %s',
    async (contentType) => {
      const { status, body } = await post('name=a', contentType);
      const refusal = { code: 'INVALID_INPUT', message: 'Unsupported Media Type' };
      expect([status, body]).toMatchObject([400, refusal]);
    },
  );

  it('says the same about an unknown route to everybody', async () => {
    for (const headers of [{}, bearer(ada)]) {
      const { status, body } = await answer('/nowhere', { headers });
      expect([status, body]).toMatchObject([404, { code: 'NOT_FOUND' }]);
    }
  });

  it.each(['/%zz', '/notes%'])('covers %s, which is no address', async (path) => {
    const { status, body, headers } = await answer(path);
    const requestId = headers.get('x-request-id');
    expect([status, body]).toMatchObject([400, { code: 'INVALID_INPUT', requestId }]);
  });

  it('takes another form where the app says so', async () => {
    const { status, body } = await answer('/plain/nowhere');
    expect([status, body]).toEqual([404, 'There is nothing at this address.']);
  });
});

describe('a request id', () => {
  it('is echoed when it is sane and replaced when it is not', async () => {
    const echoed = async (id: string) =>
      (await call('/open', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await echoed('trace-7')).toBe('trace-7');
    expect(await echoed('a b')).toMatch(UUID);
    expect(await echoed('x'.repeat(500))).toMatch(UUID);
  });

  it('is on every answer', async () => {
    for (const path of ['/open', '/caller', '/nowhere', '/%zz', '/probe', '/graphql']) {
      expect([path, (await call(path)).headers.get('x-request-id')]).toEqual([
        path,
        expect.stringMatching(UUID),
      ]);
    }
  });

  it('stays with a request whose body arrives in pieces', async () => {
    const sent = await sendInPieces('/fail/fault', JSON.stringify({ name: 'x'.repeat(500_000) }));
    expect(sent).toContain('500 Internal Server Error');
    expect(sample.log.map((line) => [line.msg, line.requestId, line.subject])).toEqual([
      ['HTTP request failed', 'pieces', 'ada'],
      ['Request answered', 'pieces', 'ada'],
    ]);
  });
});

describe('the log', () => {
  it('has one line per request, without query string and without health', async () => {
    await call('/caller?secret=hunter2', { headers: { ...bearer(ada), 'x-request-id': 'r-3' } });
    await call('/health/live');
    await call('/probe');
    expect(sample.log).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        service: 'sample',
        requestId: 'r-3',
        tenantId: 'acme',
        subject: 'ada',
        method: 'GET',
        path: '/caller',
        status: 200,
        durationMs: expect.any(Number),
        msg: 'Request answered',
      },
    ]);
  });
});

describe('every answer', () => {
  it('forbids to cache, sniff, frame and refer', async () => {
    for (const path of ['/open', '/caller', '/nowhere', '/graphql']) {
      const { headers } = await call(path);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';frame-ancestors 'none'",
      );
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    }
  });
});

describe('health', () => {
  it('tells name and version', async () => {
    expect((await answer('/probe')).body).toEqual({ name: 'sample', version: '1.2.3' });
  });

  it('is ready when all checks say so', async () => {
    expect(await answer('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it.each([
    ['a check that fails', async () => 'password=hunter2 was refused'],
    ['a check that throws', () => Promise.reject(new Error('password=hunter2'))],
  ])('names %s and keeps the reason to the log, but stays alive', async (_, outcome) => {
    sampleCheck.outcome = outcome;
    try {
      const { status, body } = await answer('/health/ready');
      expect([status, body]).toEqual([503, { status: 'unavailable', failing: ['database'] }]);
      expect((await answer('/health/live')).status).toBe(200);
      await answer('/health/ready');
      expect(logged('Not healthy')).toHaveLength(1);
    } finally {
      sampleCheck.outcome = async () => null;
      await answer('/health/ready');
    }
    expect(logged('Healthy again')).toHaveLength(1);
  });
});

describe('shutting down', () => {
  it('finishes what it is answering and takes nothing new', async () => {
    const ending = await startSampleApp(auth());
    const slow = fetch(`${ending.url}/slow`);
    await slowRoute.entered;
    const closed = ending.app.close();
    slowRoute.release();
    expect((await slow).status).toBe(200);
    await closed;
    await expect(fetch(`${ending.url}/open`)).rejects.toThrow('fetch failed');
  });

  it('is no longer ready while it drains, but answers everybody and sends them away', async () => {
    const ending = await startSampleApp(auth(), { drainMs: 3_000 });
    const closed = ending.app.close();

    const [ready, live, open, caller] = await Promise.all(
      ['/health/ready', '/health/live', '/open', '/caller'].map((path) =>
        fetch(`${ending.url}${path}`, { headers: bearer(ada) }),
      ),
    );

    expect([ready!.status, await ready!.json()]).toEqual([
      503,
      { status: 'unavailable', failing: ['shutdown'] },
    ]);
    expect([live!.status, open!.status, caller!.status]).toEqual([200, 200, 200]);
    for (const answered of [ready, live, open, caller]) {
      expect(answered!.headers.get('connection')).toBe('close');
    }
    await closed;
  });

  it('keeps connections alive as long as it is not told to end', async () => {
    expect((await call('/open')).headers.get('connection')).toBe('keep-alive');
  });

  it('ends connections that carry no request, and those whose request it has answered', async () => {
    const ending = await startSampleApp(auth(), { drainMs: 100 });
    const { hostname, port } = new URL(ending.url);
    const request = 'GET /open HTTP/1.1\r\nHost: x\r\n\r\n';
    const idle = connect(Number(port), hostname);
    idle.write(request);
    await once(idle, 'data');

    const closed = ending.app.close();
    const used = connect(Number(port), hostname);
    used.write(request);

    await Promise.all([closed, once(idle, 'end'), once(used.resume(), 'end')]);
  });

  it('answers a request whose connection it had already taken', async () => {
    const ending = await startSampleApp(auth());
    const { hostname, port } = new URL(ending.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    // Both connected before: by now the first has been accepted too.
    await fetch(`${ending.url}/open`);

    const closed = ending.app.close();
    const answers = () =>
      fetch(`${ending.url}/open`).then(
        () => true,
        () => false,
      );
    while (await answers());
    socket.write('GET /open HTTP/1.1\r\nHost: x\r\n\r\n');

    let answered = '';
    for await (const chunk of socket) answered += String(chunk);
    expect(answered).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*\{"ok":true\}$/);
    await closed;
  });

  it('does not wait for ever for a request that never comes', async () => {
    const ending = await startSampleApp(auth());
    const { hostname, port } = new URL(ending.url);
    const socket = connect(Number(port), hostname).resume();
    await once(socket, 'connect');
    await fetch(`${ending.url}/open`);

    await Promise.all([ending.app.close(), once(socket, 'close')]);
  });

  it('refuses requests before anything that an answer needs is let go of, and not earlier', async () => {
    const ending = await startSampleApp(auth(), { drainMs: 100 });
    const seen: string[] = [];
    const askGraphql = async () => {
      const response = await fetch(`${ending.url}/graphql`, {
        method: 'POST',
        headers: { ...bearer(ada), 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ callerSubject }' }),
      });
      seen.push(`answered ${JSON.stringify(await response.json())}`);
    };
    farewell.onModuleDestroy = async () => {
      await askGraphql().catch(() => seen.push('refused'));
    };
    try {
      const closed = ending.app.close();
      await askGraphql();
      await closed;
    } finally {
      farewell.onModuleDestroy = async () => undefined;
    }
    expect(seen).toEqual(['answered {"data":{"callerSubject":"ada"}}', 'refused']);
  });
});

/** Sends a request by hand, its body in two writes, and gives the raw answer. */
async function sendInPieces(path: string, body: string): Promise<string> {
  const { hostname, port } = new URL(sample.url);
  const socket = connect(Number(port), hostname);
  const half = Math.floor(body.length / 2);
  socket.write(
    `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Request-ID: pieces\r\n` +
      `Authorization: Bearer ${ada}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  socket.write(body.slice(0, half));
  await new Promise((resolve) => setImmediate(resolve));
  socket.write(body.slice(half));
  let answered = '';
  for await (const chunk of socket) answered += String(chunk);
  return answered;
}
