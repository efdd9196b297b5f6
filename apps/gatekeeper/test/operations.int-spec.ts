import {
  digestResponseV1,
  replicaStatusV1,
  resyncResponseV1,
  witnessFactsV1,
  witnessHistoryV1,
  witnessV1,
} from '@bastion/contracts';
import { buildSnapshot } from '@bastion/policy';
import { tenantFacts } from '@bastion/testing';
import type { z } from 'zod';
import { eventually } from './support/eventually.js';
import { GatekeeperWorld, type Replica } from './support/gatekeeper-world.js';
import { eventsOf } from './support/tenant-events.js';

const OPERATOR = 'operator-client';
/** Nothing is counted, and so replaced, but when a test asks for it. */
const ENVIRONMENT = { SERVICE_SUBJECTS: OPERATOR, DIGEST_INTERVAL_MS: '3600000' };

let world: GatekeeperWorld;
let replica: Replica;
let token: string;

beforeAll(async () => {
  world = await GatekeeperWorld.start();
  replica = await world.replica(ENVIRONMENT);
  token = await world.issuer.token({ subject: OPERATOR });
});

afterAll(() => world.stop());

const acme = () =>
  tenantFacts()
    .user('alice')
    .scope('ws')
    .role('reader', ['document:read'])
    .assign('alice', 'reader', 'ws', { id: 'a-alice' });

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function call(path: string, as: string | null = token, of = replica): Promise<Answer> {
  const response = await fetch(`${of.url}/sync/v1/${path}`, {
    method: path.endsWith('/resync') ? 'POST' : 'GET',
    headers: as === null ? {} : { authorization: `Bearer ${as}` },
  });
  return { status: response.status, body: await response.json() };
}

async function ask<T>(schema: z.ZodType<T>, path: string, of = replica): Promise<T> {
  const { status, body } = await call(path, token, of);
  expect({ status, body }).toMatchObject({ status: 200 });
  return schema.parse(body);
}

/** Resolves when the rows are where the owner is. */
async function projected(tenantId: string): Promise<void> {
  const head = world.owner.headAt(tenantId);
  await eventually(`${tenantId} projected`, async () => {
    const { projection } = await ask(digestResponseV1, `tenants/${tenantId}/digest`);
    return projection?.digest === head?.digest;
  });
}

/** A question about the tenant, so that this replica holds it. */
async function hold(tenantId: string, of = replica): Promise<void> {
  const { data } = await world.graphql<{ syncStatus: { revision: number } }>(
    of,
    await world.token(tenantId, 'alice'),
    '{ syncStatus { revision } }',
  );
  expect(data?.syncStatus.revision).toBe(world.owner.headAt(tenantId)?.revision);
}

/** A tenant of three revisions; the third denies Alice what the first gave. */
async function furnish(tenantId: string): Promise<void> {
  world.owner.commit(tenantId, eventsOf(acme().facts()));
  // As a snapshot, for nothing is known yet: the history begins after it.
  await projected(tenantId);
  world.owner.commit(tenantId, [{ type: 'group-created', group: { id: 'g' } }]);
  world.owner.commit(tenantId, [{ type: 'role-unassigned', assignmentId: 'a-alice' }]);
  await projected(tenantId);
  await hold(tenantId);
}

async function barred(tenantId: string): Promise<void> {
  await eventually(`${tenantId} barred`, async () => {
    const { tenants } = await ask(replicaStatusV1, `status?tenantId=${tenantId}`);
    return Boolean(tenants[0]?.bar && tenants[0].projection?.bar);
  });
}

describe('every endpoint for operators', () => {
  const PATHS = ['status', ...['resync', 'digest', 'witness', 'witness/facts'].map(ofTenant)];
  const HISTORY = `${ofTenant('witness/history')}?epoch=1&before=9`;

  it.each([...PATHS, HISTORY])('%s answers nobody but services that are named', async (path) => {
    expect((await call(path, null)).status).toBe(401);
    expect((await call(path, await world.issuer.token({ subject: 'another' }))).status).toBe(403);
    expect((await call(path, await world.token('acme', 'alice'))).status).toBe(403);
  });

  it.each(['resync', 'digest', 'witness', 'witness/facts'])('%s wants a tenant', async (path) => {
    expect(await call(`tenants/no%20tenant/${path}`)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_INPUT' },
    });
  });

  it.each(['resync', 'witness', 'witness/facts'])('%s knows no unknown tenant', async (path) => {
    expect(await call(`tenants/nobody/${path}`)).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND' },
    });
  });

  function ofTenant(what: string): string {
    return `tenants/acme/${what}`;
  }
});

describe('the status of a replica', () => {
  it('says where it stands in memory and how it saw the projection', async () => {
    await furnish('stands');
    const { replicaId, tenants } = await ask(replicaStatusV1, 'status?tenantId=stands');
    const { tenantId, epoch, revision, digest, factsDigest } = world.owner.headAt('stands')!;
    const point = { epoch, revision, digest };
    expect(replicaId).not.toBe('');
    expect(tenants).toEqual([
      {
        tenantId,
        held: { ...point, factsDigest, standing: 'FRESH' },
        bar: null,
        projection: { point, bar: null },
      },
    ]);
    const all = await ask(replicaStatusV1, 'status');
    expect(all.tenants.map((tenant) => tenant.tenantId)).toContain('stands');
  });

  it('says why a tenant is barred', async () => {
    await furnish('forked');
    world.owner.restore('forked', 1);
    await barred('forked');
    const { tenants } = await ask(replicaStatusV1, 'status?tenantId=forked');
    const bar = { state: 'FENCED', reason: 'WENT_BACK' };
    expect(tenants[0]).toMatchObject({ bar, projection: { point: { revision: 3 }, bar } });
  });
});

describe('the digests of a tenant', () => {
  it('are those of the stored facts, counted again, and of those in memory', async () => {
    await furnish('counted');
    const { factsDigest, revision } = world.owner.headAt('counted')!;
    expect(await ask(digestResponseV1, 'tenants/counted/digest')).toMatchObject({
      projection: { revision, expected: factsDigest, counted: factsDigest, differs: false },
      held: { revision, factsDigest },
    });
  });

  it('tell a row that was changed by hand, and replace nothing', async () => {
    await furnish('edited');
    await editRole('edited');
    for (let time = 0; time < 2; time += 1) {
      const { projection } = await ask(digestResponseV1, 'tenants/edited/digest');
      expect(projection).toMatchObject({ differs: true });
    }
  });

  it('are none where nothing is stored', async () => {
    expect(await ask(digestResponseV1, 'tenants/nobody/digest')).toEqual({
      tenantId: 'nobody',
      projection: null,
      held: null,
    });
  });
});

async function editRole(tenantId: string): Promise<void> {
  await world.database.query(
    `UPDATE projected_facts SET fact = jsonb_set(fact, '{permissions}', '["*"]')
     WHERE tenant_id = $1 AND kind = 'role'`,
    [tenantId],
  );
}

describe('a resync', () => {
  it('replaces the rows by what the owner has', async () => {
    await furnish('resynced');
    await editRole('resynced');
    const tenant = await ask(resyncResponseV1, 'tenants/resynced/resync');
    expect(tenant).toMatchObject({ bar: null, projection: { bar: null, point: { revision: 3 } } });
    expect(await ask(digestResponseV1, 'tenants/resynced/digest')).toMatchObject({
      projection: { differs: false },
    });
    expect(tenant.held).toMatchObject({ revision: 3, standing: 'FRESH' });
  });

  it('lifts a quarantine', async () => {
    await furnish('lifted');
    await world.database.query(
      `UPDATE projection_cursors SET state = 'QUARANTINED', state_reason = 'poison'
       WHERE tenant_id = 'lifted'`,
    );
    const before = await ask(witnessV1, 'tenants/lifted/witness');
    expect(before.bar).toEqual({ state: 'QUARANTINED', reason: 'poison' });
    await ask(resyncResponseV1, 'tenants/lifted/resync');
    expect((await ask(witnessV1, 'tenants/lifted/witness')).bar).toBeNull();
  });

  it('takes nothing from an owner that has another history', async () => {
    await furnish('fenced');
    world.owner.restore('fenced', 1);
    await barred('fenced');
    const tenant = await ask(resyncResponseV1, 'tenants/fenced/resync');
    const bar = { state: 'FENCED', reason: 'WENT_BACK' };
    expect(tenant).toMatchObject({ bar, projection: { point: { revision: 3 }, bar } });
    const { facts } = await ask(witnessFactsV1, 'tenants/fenced/witness/facts');
    expect(facts.assignments).toEqual([]);
  });
});

describe('the witness', () => {
  it('knows what the owner has lost, facts and history', async () => {
    await furnish('lost');
    const point = pointOf('lost');
    world.owner.restore('lost', 2);
    await barred('lost');

    const witness = await ask(witnessFactsV1, 'tenants/lost/witness/facts');
    expect(witness).toMatchObject({
      point,
      source: 'PROJECTION',
      bar: { state: 'FENCED', reason: 'WENT_BACK' },
    });
    expect(buildSnapshot(witness.facts).facts()).toEqual(
      world.owner.factsAt('lost', witness.point),
    );
    const { revisions } = await ask(witnessHistoryV1, history('lost', { before: 4 }));
    expect(revisions.map(({ revision }) => revision)).toEqual([3, 2]);
    expect(revisions[0]).toEqual({
      ...point,
      events: [{ type: 'role-unassigned.v1', assignmentId: 'a-alice' }],
    });
  });

  it('tells its history page by page, down to the end', async () => {
    await furnish('paged');
    const page = (before: number) =>
      ask(witnessHistoryV1, history('paged', { before, limit: 1 })).then(({ revisions }) =>
        revisions.map(({ revision }) => revision),
      );
    expect(await page(4)).toEqual([3]);
    expect(await page(3)).toEqual([2]);
    expect(await page(2)).toEqual([]);
    const { revisions } = await ask(witnessHistoryV1, history('paged', { epoch: 2, before: 9 }));
    expect(revisions).toEqual([]);
  });

  it('is the replica where the projection knows less', async () => {
    const late = { ...ENVIRONMENT, PROJECTION_CHECK_INTERVAL_MS: '3600000' };
    world.owner.commit('unprojected', eventsOf(acme().facts()));
    const other = await GatekeeperWorld.start();
    const alone = await other.replica(late);
    try {
      other.owner.commit('unprojected', eventsOf(acme().facts()));
      const operator = await other.issuer.token({ subject: OPERATOR });
      await other.graphql(alone, await other.token('unprojected', 'alice'), '{ __typename }');
      await eventually('held', async () => {
        await other.graphql(
          alone,
          await other.token('unprojected', 'alice'),
          '{ syncStatus { revision } }',
        );
        return (await call('tenants/unprojected/witness', operator, alone)).status === 200;
      });
      const { body } = await call('tenants/unprojected/witness/facts', operator, alone);
      const { source, facts } = witnessFactsV1.parse(body);
      expect(source).toBe('REPLICA');
      expect(facts.assignments.map(({ id }) => id)).toEqual(['a-alice']);
    } finally {
      await other.stop();
    }
  });

  it.each(['', 'epoch=1', 'epoch=0&before=1', 'epoch=1&before=0', 'epoch=1&before=2&limit=0'])(
    'refuses ?%s',
    async (query) => {
      const answer = await call(`tenants/paged/witness/history?${query}`);
      expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_INPUT' } });
    },
  );
});

function history(tenantId: string, asked: { epoch?: number; before: number; limit?: number }) {
  const { epoch = 1, before, limit = 500 } = asked;
  return `tenants/${tenantId}/witness/history?epoch=${epoch}&before=${before}&limit=${limit}`;
}

function pointOf(tenantId: string) {
  const { epoch, revision, digest } = world.owner.headAt(tenantId)!;
  return { epoch, revision, digest };
}
