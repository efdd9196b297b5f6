import { Secret } from '../src/config/secret.js';
import {
  ClientCredentialsTokens,
  SyncInvalidAnswerError,
  SyncRefusedError,
  SyncUnavailableError,
} from '../src/sync-client/index.js';
import { HttpPeer, type Reply } from './http-peer.js';

let peer: HttpPeer;
beforeEach(async () => {
  peer = await HttpPeer.start();
});
afterEach(() => peer.stop());

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
    peer.route = ({ url }) =>
      url === '/.well-known/openid-configuration'
        ? { body: { issuer: 'https://evil.example', token_endpoint: `${peer.url}/token` } }
        : issue(3_600);

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
