import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '../src/config/secret.js';
import {
  ClientCredentialsTokens,
  SyncClient,
  SyncInvalidAnswerError,
  SyncRefusedError,
  SyncUnavailableError,
} from '../src/sync-client/index.js';

type AccessTokens = ConstructorParameters<typeof SyncClient>[1];

interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

interface Received {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

type Route = (request: Received) => Reply | undefined | Promise<Reply | undefined>;

/** A real HTTP server that records what it gets; a route that says nothing never answers. */
class Peer {
  readonly received: Received[] = [];
  route: Route = () => ({ status: 404 });
  connections = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<Peer> {
    const server = createServer();
    const peer = new Peer(server);
    server.on('connection', () => (peer.connections += 1));
    server.on('request', (request, response) => void peer.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await read(request);
    this.received.push(received);
    const reply = await this.route(received);
    if (!reply) return;
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
  }

  paths(): string[] {
    return this.received.map(({ url }) => url);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    authorization: request.headers.authorization,
    body: Buffer.concat(chunks).toString(),
  };
}

const head = (tenantId: string, revision = 9) => ({ tenantId, epoch: 1, revision });
const marker = (tenantId: string, revision: number, epoch = 1) => ({
  kind: 'SNAPSHOT_REQUIRED',
  tenantId,
  epoch,
  revision,
  committedAt: 0,
});
const facts = {
  tenant: { status: 'ACTIVE' },
  principals: [],
  groups: [],
  memberships: [],
  scopes: [],
  roles: [],
  assignments: [],
};

let peer: Peer;
beforeEach(async () => {
  peer = await Peer.start();
});
afterEach(() => peer.stop());

describe('SyncClient', () => {
  function client(
    tokens: AccessTokens = { accessToken: async () => 'token-1', discard: () => undefined },
    timeoutMs = 5_000,
  ): SyncClient {
    return new SyncClient({ baseUrl: peer.url, timeoutMs, snapshotTimeoutMs: timeoutMs }, tokens);
  }

  it('asks for the heads of all tenants, or of those it names', async () => {
    peer.route = () => ({ body: { heads: [head('acme')] } });

    expect(await client().heads()).toEqual([head('acme')]);
    expect(await client().heads(['acme', 'gone'])).toEqual([head('acme')]);

    expect(peer.received).toEqual([
      { method: 'POST', url: '/sync/v1/heads', authorization: 'Bearer token-1', body: '{}' },
      {
        method: 'POST',
        url: '/sync/v1/heads',
        authorization: 'Bearer token-1',
        body: '{"tenantIds":["acme","gone"]}',
      },
    ]);
  });

  it('pulls changes and snapshots of a tenant', async () => {
    const range = { kind: 'RANGE', head: head('acme'), changes: [marker('acme', 8)] };
    const snapshot = { head: head('acme'), facts };
    peer.route = ({ url }) => ({ body: url.endsWith('/snapshot') ? snapshot : range });

    expect(await client().changes('acme', 1, 7, 500)).toEqual(range);
    expect(await client().snapshot('acme')).toEqual(snapshot);

    expect(peer.paths()).toEqual([
      '/sync/v1/tenants/acme/changes?epoch=1&after=7&limit=500',
      '/sync/v1/tenants/acme/snapshot',
    ]);
  });

  it('hands on that a range is gone', async () => {
    const gone = { kind: 'GONE', head: { ...head('acme'), epoch: 2 } };
    peer.route = () => ({ body: gone });

    expect(await client().changes('acme', 1, 7, 500)).toEqual(gone);
  });

  it('keeps its connections open between calls', async () => {
    peer.route = () => ({ body: { heads: [] } });
    for (let call = 0; call < 20; call += 1) await client().heads();

    expect(peer.connections).toBeLessThan(5);
  });

  it.each([
    ['a head of a tenant not asked for', { heads: [head('other')] }],
    ['two heads of one tenant', { heads: [head('acme'), head('acme', 10)] }],
    ['a head without a revision', { heads: [{ tenantId: 'acme', epoch: 1 }] }],
    ['no JSON', '<html>'],
  ])('takes no answer with %s', async (_what, body) => {
    peer.route = () => ({ body });

    await expect(client().heads(['acme'])).rejects.toThrow(SyncInvalidAnswerError);
  });

  it.each([
    ['another tenant', head('other'), [marker('acme', 8)]],
    ['changes of another tenant', head('acme'), [marker('other', 8)]],
    ['a gap before them', head('acme'), [marker('acme', 9)]],
    ['a gap between them', head('acme'), [marker('acme', 8), marker('acme', 10)]],
    ['another epoch', head('acme'), [marker('acme', 8, 2)]],
    ['an unknown kind of change', head('acme'), [{ ...marker('acme', 8), kind: 'SURPRISE' }]],
  ])('takes no range of changes with %s', async (_what, rangeHead, changes) => {
    peer.route = () => ({ body: { kind: 'RANGE', head: rangeHead, changes } });

    await expect(client().changes('acme', 1, 7, 500)).rejects.toThrow(SyncInvalidAnswerError);
  });

  it('takes no snapshot of another tenant', async () => {
    peer.route = () => ({ body: { head: head('other'), facts } });

    await expect(client().snapshot('acme')).rejects.toThrow(SyncInvalidAnswerError);
  });

  it.each([500, 503, 429])('calls an owner that answers %d unavailable', async (status) => {
    peer.route = () => ({ status });

    await expect(client().heads()).rejects.toThrow(SyncUnavailableError);
  });

  it.each([400, 403, 404])('passes on a refusal with status %d', async (status) => {
    peer.route = () => ({ status, body: { code: 'NO' } });

    const refusal = client().snapshot('acme');

    await expect(refusal).rejects.toThrow(SyncRefusedError);
    await expect(refusal).rejects.toMatchObject({ status });
  });

  it('follows no redirect with its credentials', async () => {
    peer.route = () => ({ status: 307, headers: { location: `${peer.url}/elsewhere` } });

    await expect(client().heads()).rejects.toMatchObject({ status: 307 });
    expect(peer.paths()).toEqual(['/sync/v1/heads']);
  });

  it('waits for an answer only so long', async () => {
    peer.route = () => undefined;

    await expect(client(undefined, 50).heads()).rejects.toThrow(SyncUnavailableError);
  });

  it('is unavailable when nobody listens', async () => {
    const nobody = new SyncClient(
      { baseUrl: 'http://127.0.0.1:1', timeoutMs: 5_000, snapshotTimeoutMs: 5_000 },
      { accessToken: async () => 'token', discard: () => undefined },
    );

    await expect(nobody.heads()).rejects.toThrow(SyncUnavailableError);
  });

  it('gets one new token when its token is not taken', async () => {
    const tokens = ['stale', 'fresh'];
    peer.route = ({ authorization }) =>
      authorization === 'Bearer fresh' ? { body: { heads: [] } } : { status: 401 };

    const discarded: string[] = [];
    const accessToken = async () => tokens[discarded.length] ?? 'none';
    const discard = (token: string) => void discarded.push(token);

    expect(await client({ accessToken, discard }).heads()).toEqual([]);
    expect(discarded).toEqual(['stale']);
  });

  it('gives up when the new token is not taken either', async () => {
    peer.route = () => ({ status: 401 });

    await expect(client().heads()).rejects.toMatchObject({ status: 401 });
    expect(peer.received).toHaveLength(2);
  });
});

describe('ClientCredentialsTokens', () => {
  let now: number;
  let issued: number;

  beforeEach(() => {
    now = 1_000_000;
    issued = 0;
  });

  function issue(expires_in?: number): Reply {
    issued += 1;
    return { body: { access_token: `token-${issued}`, token_type: 'Bearer', expires_in } };
  }

  function tokens(
    provider: { issuer: string } | { tokenEndpoint: string } = {
      tokenEndpoint: `${peer.url}/token`,
    },
  ): ClientCredentialsTokens {
    return new ClientCredentialsTokens(
      {
        provider,
        clientId: 'gatekeeper',
        clientSecret: new Secret('s3cr:t/+'),
        parameters: { resource: 'urn:bastion' },
        timeoutMs: 5_000,
      },
      () => now,
    );
  }

  it('asks with its own credentials, as RFC 6749 writes them', async () => {
    peer.route = () => issue(3_600);

    expect(await tokens().accessToken()).toBe('token-1');

    const credentials = Buffer.from('gatekeeper:s3cr%3At%2F%2B').toString('base64');
    expect(peer.received).toEqual([
      {
        method: 'POST',
        url: '/token',
        authorization: `Basic ${credentials}`,
        body: 'resource=urn%3Abastion&grant_type=client_credentials',
      },
    ]);
  });

  it('finds the token endpoint through the issuer', async () => {
    peer.route = ({ url }) =>
      url === '/.well-known/openid-configuration'
        ? { body: { issuer: peer.url, token_endpoint: `${peer.url}/found` } }
        : issue(1);
    const discovering = tokens({ issuer: peer.url });

    await discovering.accessToken();
    now += 1_000;
    await discovering.accessToken();

    expect(peer.paths()).toEqual(['/.well-known/openid-configuration', '/found', '/found']);
  });

  it('believes no discovery document of another issuer', async () => {
    peer.route = () => ({
      body: { issuer: 'https://evil.example', token_endpoint: `${peer.url}/token` },
    });

    await expect(tokens({ issuer: peer.url }).accessToken()).rejects.toThrow(
      SyncInvalidAnswerError,
    );
  });

  it.each([
    ['30 s before it expires', 3_600, 3_570_000],
    ['at half its life when that is shorter', 40, 20_000],
    ['after half a minute when its life is unknown', undefined, 30_000],
  ])('keeps a token and renews it %s', async (_when, expiresIn, renewedAfterMs) => {
    peer.route = () => issue(expiresIn);
    const keeping = tokens();
    await keeping.accessToken();

    now += renewedAfterMs - 1;
    expect(await keeping.accessToken()).toBe('token-1');
    now += 1;
    expect(await keeping.accessToken()).toBe('token-2');
  });

  it('asks once for all who need a token at the same time', async () => {
    peer.route = () => issue(3_600);
    const shared = tokens();

    const all = await Promise.all(Array.from({ length: 20 }, () => shared.accessToken()));

    expect(new Set(all)).toEqual(new Set(['token-1']));
    expect(issued).toBe(1);
  });

  it('gets another token once one is discarded, but only if that is the one it has', async () => {
    peer.route = () => issue(3_600);
    const discarding = tokens();
    await discarding.accessToken();

    discarding.discard('token-1');
    expect(await discarding.accessToken()).toBe('token-2');
    discarding.discard('token-1');
    expect(await discarding.accessToken()).toBe('token-2');
  });

  it('remembers no failure', async () => {
    peer.route = () => ({ status: 503 });
    const recovering = tokens();
    await expect(recovering.accessToken()).rejects.toThrow(SyncUnavailableError);

    peer.route = () => issue(3_600);
    expect(await recovering.accessToken()).toBe('token-1');
  });

  it.each([
    [
      'refuses its credentials',
      { status: 401, body: { error: 'invalid_client' } },
      SyncRefusedError,
    ],
    [
      'issues no bearer token',
      { body: { access_token: 'x', token_type: 'mac' } },
      SyncInvalidAnswerError,
    ],
    [
      'issues an empty token',
      { body: { access_token: '', token_type: 'bearer' } },
      SyncInvalidAnswerError,
    ],
  ])('says so when the provider %s', async (_what, reply, kind) => {
    peer.route = () => reply;

    await expect(tokens().accessToken()).rejects.toThrow(kind);
  });

  it('shows its secret in no error', async () => {
    peer.route = () => ({ status: 401 });

    const error: Error = await tokens()
      .accessToken()
      .then(
        () => new Error('no error'),
        (reason: Error) => reason,
      );

    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain('s3cr');
  });
});
