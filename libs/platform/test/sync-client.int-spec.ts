import { GENESIS_DIGEST } from '@bastion/contracts';
import { ACTIVE_TENANT } from '@bastion/testing';
import {
  SyncClient,
  SyncInvalidAnswerError,
  SyncRefusedError,
  SyncUnavailableError,
} from '../src/sync-client/index.js';
import { HttpPeer } from './http-peer.js';

type AccessTokens = ConstructorParameters<typeof SyncClient>[1];

const digestOf = (revision: number) => revision.toString(16).padStart(64, '0');
const head = (tenantId: string, revision = 9) => ({
  tenantId,
  epoch: 1,
  revision,
  digest: digestOf(revision),
  factsDigest: null,
  began: null,
});
const point = { epoch: 1, revision: 7, digest: digestOf(7) };
const marker = (tenantId: string, revision: number, epoch = 1) => ({
  kind: 'SNAPSHOT_REQUIRED',
  tenantId,
  epoch,
  revision,
  committedAt: 0,
  previousDigest: digestOf(revision - 1),
  digest: digestOf(revision),
  factsDigest: null,
});
const facts = {
  tenant: ACTIVE_TENANT,
  principals: [],
  groups: [],
  memberships: [],
  scopes: [],
  resources: [],
  roles: [],
  assignments: [],
  conditionalAssignments: [],
  everyoneAssignments: [],
};

let peer: HttpPeer;
beforeEach(async () => {
  peer = await HttpPeer.start();
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

    const answer = { heads: [head('acme')], now: null };
    expect(await client().heads()).toEqual(answer);
    expect(await client().heads(['acme', 'gone'])).toEqual(answer);

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
    peer.route = ({ url }) => ({ body: url.includes('/snapshot') ? snapshot : range });

    expect(await client().changes('acme', point, 500)).toEqual(range);
    expect(await client().snapshot('acme')).toEqual(snapshot);

    expect(peer.paths()).toEqual([
      `/sync/v1/tenants/acme/changes?epoch=1&after=7&digest=${digestOf(7)}&limit=500&reads=resources%2CconditionalAssignments%2CeveryoneAssignments`,
      '/sync/v1/tenants/acme/snapshot?reads=resources%2CconditionalAssignments%2CeveryoneAssignments',
    ]);
  });

  it('says who asks, and for how long it may answer from what it is told', async () => {
    peer.route = () => ({ body: { kind: 'GONE', head: head('acme') } });
    const asker = { consumerId: 'replica-1', leaseMs: 5_000 };
    const options = { baseUrl: peer.url, timeoutMs: 5_000, snapshotTimeoutMs: 5_000, asker };
    const tokens = { accessToken: async () => 'token-1', discard: () => undefined };

    await new SyncClient(options, tokens).changes('acme', point, 500);

    expect(peer.paths()[0]).toMatch(
      /&consumer=replica-1&leaseMs=5000&reads=resources%2CconditionalAssignments%2CeveryoneAssignments$/,
    );
  });

  it('reads an owner of before revisions had names', async () => {
    peer.route = () => ({ body: { heads: [{ tenantId: 'acme', epoch: 1, revision: 9 }] } });

    expect(await client().heads()).toEqual({
      heads: [{ ...head('acme'), digest: GENESIS_DIGEST }],
      now: null,
    });
  });

  it('hands on that a range is gone', async () => {
    const gone = { kind: 'GONE', head: { ...head('acme'), epoch: 2 } };
    peer.route = () => ({ body: gone });

    expect(await client().changes('acme', point, 500)).toEqual(gone);
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
    [
      'two histories',
      head('acme'),
      [marker('acme', 8), { ...marker('acme', 9), previousDigest: digestOf(99) }],
    ],
    ['an unknown kind of change', head('acme'), [{ ...marker('acme', 8), kind: 'SURPRISE' }]],
  ])('takes no range of changes with %s', async (_what, rangeHead, changes) => {
    peer.route = () => ({ body: { kind: 'RANGE', head: rangeHead, changes } });

    await expect(client().changes('acme', point, 500)).rejects.toThrow(SyncInvalidAnswerError);
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

    expect(await client({ accessToken, discard }).heads()).toEqual({ heads: [], now: null });
    expect(discarded).toEqual(['stale']);
  });

  it('gives up when the new token is not taken either', async () => {
    peer.route = () => ({ status: 401 });

    await expect(client().heads()).rejects.toMatchObject({ status: 401 });
    expect(peer.received).toHaveLength(2);
  });
});
