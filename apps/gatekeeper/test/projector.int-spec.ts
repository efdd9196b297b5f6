import { Secret } from '@bastion/platform';
import { ClientCredentialsTokens, SyncClient } from '@bastion/platform/sync-client';
import { buildSnapshot, type AccessEvent } from '@bastion/policy';
import { ACTIVE_TENANT, arbitraryEvents, TestDatabase } from '@bastion/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { Database } from '../src/database/database.js';
import { OwnerClient, type ChangeSet } from '../src/owner/index.js';
import { AppliedLog } from '../src/projection/applied-log.js';
import { ApplyAccessChangeCommand } from '../src/projection/apply-access-change.command.js';
import { systemMonotonicClock } from '../src/projection/monotonic-clock.js';
import { ProjectionRepairer } from '../src/projection/projection.repairer.js';
import { ProjectionStore } from '../src/projection/projection.store.js';
import { SnapshotStore } from '../src/projection/snapshot.store.js';
import { VerifyProjectionCommand } from '../src/projection/verify-projection.command.js';
import { eventually } from './support/eventually.js';
import { OwnerDouble } from './support/owner-double.js';
import { OwnerServer } from './support/owner-server.js';
import { silentLogger as logger } from './support/silent-logger.js';

let database: TestDatabase<'gatekeeper'>;
let connections: Database;
let owner: OwnerDouble;
let server: OwnerServer;
let projector: ApplyAccessChangeCommand;
let snapshots: SnapshotStore;

beforeAll(async () => {
  database = await TestDatabase.create('gatekeeper');
  connections = new Database(new Secret(database.urlAs('gatekeeper_projector')), 10);
  owner = new OwnerDouble();
  server = await OwnerServer.start(owner);
  snapshots = new SnapshotStore(connections);
  projector = startProjector();
});

afterAll(async () => {
  await projector.stop();
  await connections.close();
  await server.stop();
  await database.drop();
});

/** A replica's projector on the real database and the real pull client. */
function startProjector(): ApplyAccessChangeCommand {
  const tokens = new ClientCredentialsTokens({
    provider: { tokenEndpoint: server.tokenEndpoint },
    clientId: 'gatekeeper',
    clientSecret: new Secret('secret'),
    timeoutMs: 5_000,
  });
  const sync = new SyncClient(
    { baseUrl: server.url, timeoutMs: 5_000, snapshotTimeoutMs: 5_000 },
    tokens,
  );
  const client = new OwnerClient({ heads: sync, pulls: sync });
  const projection = new ProjectionStore(connections);
  return new ApplyAccessChangeCommand({
    projection,
    repairer: new ProjectionRepairer(projection, client, logger),
    owner: client,
    applied: new AppliedLog({ consumer: { kind: 'PROJECTION', id: 'test' }, leaseMs: 0 }),
    clock: systemMonotonicClock,
    random: () => 0.5,
    logger,
    gatherMs: 0,
  });
}

const created: AccessEvent = { type: 'tenant-created', tenant: ACTIVE_TENANT };
const addGroup = (id: string): AccessEvent => ({ type: 'group-created', group: { id } });

let tenants = 0;
const newTenant = () => `tenant-${(tenants += 1)}`;

/** Resolves when the rows are what the owner says at its head. */
async function isInStep(tenantId: string): Promise<void> {
  const head = owner.headAt(tenantId);
  await eventually(`${tenantId} at ${JSON.stringify(head)}`, async () => {
    return (await snapshots.load(tenantId))?.point.digest === head?.digest;
  });
  const loaded = await snapshots.load(tenantId);
  const oracle = head && owner.factsAt(tenantId, head);
  expect(loaded && buildSnapshot(loaded.facts).facts()).toEqual(oracle);
}

const fate = fc.constantFrom(
  'arrives',
  'arrives',
  'arrives',
  'twice',
  'lost',
  'late',
  'with a crash',
);
const history = fc.array(fc.record({ events: arbitraryEvents(), fate }), {
  maxLength: 30,
  size: 'max',
});

describe('the projector, on a real database and pulling over HTTP', () => {
  it('ends where the owner is, whatever is lost, repeated or reordered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.tuple(history, history), async (histories) => {
        const tenantIds = histories.map(newTenant);
        const late: ChangeSet[] = [];
        for (const [index, tenantId] of tenantIds.entries()) {
          owner.commit(tenantId, [created]);
          for (const { events, fate } of histories[index] ?? []) {
            const change = owner.commit(tenantId, [created, ...events]);
            if (fate === 'lost') continue;
            if (fate === 'late') late.push(change);
            else void projector.run(change);
            if (fate === 'twice') void projector.run(change);
            if (fate === 'with a crash') projector = startProjector();
          }
        }
        for (const change of late.reverse()) await projector.run(change);
        await projector.compareHeads();
        await projector.compareHeads();
        for (const tenantId of tenantIds) await isInStep(tenantId);
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it('is caught up by a snapshot where the owner forgot the changes, and in a new epoch', async () => {
    const tenantId = newTenant();
    await projector.run(owner.commit(tenantId, [created]));
    owner.commit(tenantId, [addGroup('lost')]);
    owner.forgetChanges(tenantId);
    await projector.run(owner.commit(tenantId, [addGroup('told')]));
    await isInStep(tenantId);
    owner.raiseEpoch(tenantId);
    await projector.run(owner.commit(tenantId, [addGroup('anew')]));
    await isInStep(tenantId);
  });

  it('is written by two replicas at once as by one', async () => {
    const other = startProjector();
    const tenantId = newTenant();
    const changes = [owner.commit(tenantId, [created])];
    for (let count = 0; count < 200; count += 1) {
      changes.push(owner.commit(tenantId, [addGroup(`g${count % 7}`)]));
    }
    await Promise.all(changes.flatMap((change) => [projector.run(change), other.run(change)]));
    await isInStep(tenantId);
    await other.stop();
  });

  it('goes on with other tenants while the rows of one are locked, and with that one afterwards', async () => {
    const [stuck, free] = [newTenant(), newTenant()];
    await projector.run(owner.commit(stuck, [created]));
    await projector.run(owner.commit(free, [created]));

    const blocker = new Client({ connectionString: database.ownerUrl });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('SELECT FROM projection_cursors WHERE tenant_id = $1 FOR UPDATE', [stuck]);
    const held = projector.run(owner.commit(stuck, [addGroup('g')]));
    for (let count = 0; count < 20; count += 1) {
      await projector.run(owner.commit(free, [addGroup('g')]));
    }
    await isInStep(free);
    expect((await snapshots.load(stuck))?.point.revision).toBe(1);
    await blocker.query('ROLLBACK');
    await blocker.end();
    await held;
    await isInStep(stuck);
  });

  it('waits for an owner that cannot be asked', async () => {
    const tenantId = newTenant();
    await projector.run(owner.commit(tenantId, [created]));
    owner.failing = true;
    owner.commit(tenantId, [addGroup('lost')]);
    await projector.run(owner.commit(tenantId, [addGroup('told')]));
    expect((await snapshots.load(tenantId))?.point.revision).toBe(1);
    owner.failing = false;
    await isInStep(tenantId);
  });
});

describe('a row that was edited by hand', () => {
  /** Counts again over the rows as they are, as the role that may only read does. */
  const verifier = () =>
    new VerifyProjectionCommand({
      stored: (tenantId) => snapshots.load(tenantId),
      projection: new ProjectionStore(connections),
      projector,
      historyDays: 30,
      logger,
    });

  /** A tenant with two groups that nobody edited yet, next to one that nobody edits. */
  async function projectedTenant(): Promise<string> {
    const tenantId = newTenant();
    await projector.run(owner.commit(tenantId, [created, addGroup('one')]));
    await projector.run(owner.commit(tenantId, [addGroup('other')]));
    await isInStep(tenantId);
    return tenantId;
  }

  it.each([
    ['changed', `UPDATE projected_facts SET fact = '{"id": "planted"}' WHERE key = 'one'`],
    [
      'added',
      `INSERT INTO projected_facts SELECT tenant_id, 'group', 'planted', '{"id": "planted"}'
       FROM projected_facts WHERE key = 'one'`,
    ],
    ['deleted', `DELETE FROM projected_facts WHERE key = 'one'`],
    ['made unreadable', `UPDATE projected_facts SET fact = '{"id": 7}' WHERE key = 'one'`],
    ['its tenant, deleted', `DELETE FROM projected_facts WHERE kind = 'tenant'`],
  ])('is found within one counting and replaced: %s', async (_, edit) => {
    const [untouched, tenantId] = [await projectedTenant(), await projectedTenant()];
    await database.query(`${edit.replace(/WHERE/g, 'WHERE tenant_id = $1 AND')}`, [tenantId]);
    expect(await verifier().count(tenantId)).toMatchObject({ differs: true });
    await verifier().runAll();
    await isInStep(tenantId);
    expect(await verifier().count(tenantId)).toMatchObject({ differs: false });
    await isInStep(untouched);
  });

  it('is found where the owner has gone on since, and the projection with it', async () => {
    const tenantId = await projectedTenant();
    await database.query(
      `UPDATE projected_facts SET fact = '{"id": "planted"}' WHERE tenant_id = $1 AND key = 'one'`,
      [tenantId],
    );
    await projector.run(owner.commit(tenantId, [addGroup('third')]));
    expect((await snapshots.load(tenantId))?.facts.groups).toContainEqual({ id: 'planted' });
    await verifier().run(tenantId);
    await isInStep(tenantId);
  });
});

describe('the projection of an owner that was restored to an earlier point', () => {
  const cursorOf = async (tenantId: string) => {
    const [row] = await database.query<{ state: string; state_reason: string; digest: string }>(
      'SELECT state, state_reason, digest FROM projection_cursors WHERE tenant_id = $1',
      [tenantId],
    );
    return row;
  };

  /** What was applied and is no part of the owner's history any more. */
  const witnessed = async (tenantId: string, after: number) => {
    const rows = await database.query<{ events: unknown[] }>(
      `SELECT events FROM projection_history
       WHERE tenant_id = $1 AND revision > $2 ORDER BY revision`,
      [tenantId, after],
    );
    return rows.flatMap(({ events }) => events);
  };

  it('is fenced, and witnesses what was lost, until an epoch began that knows of it', async () => {
    const tenantId = newTenant();
    await projector.run(owner.commit(tenantId, [created, addGroup('g')]));
    const revoked: AccessEvent = { type: 'group-deleted', groupId: 'g' };
    const [applied, queued] = [[revoked], [addGroup('late')]];
    const last = owner.commit(tenantId, applied);
    await projector.run(last);
    const late = owner.commit(tenantId, queued);
    owner.restore(tenantId, 2);
    owner.commit(tenantId, [addGroup('new')]);
    for (let round = 0; round < 2; round += 1) await projector.compareHeads();
    await eventually('fenced', async () => (await cursorOf(tenantId))?.state === 'FENCED');
    expect(await cursorOf(tenantId)).toMatchObject({
      state_reason: 'REWRITTEN',
      digest: last.digest,
    });

    // What the broker still had, in whatever process it arrives.
    await projector.run(late);
    expect(await witnessed(tenantId, 1)).toEqual([...applied, ...queued]);
    const anew = startProjector();
    await eventually('fenced anew', async () => {
      await anew.compareHeads();
      return anew.seen().get(tenantId)?.bar?.state === 'FENCED';
    });
    await anew.stop();

    owner.commit(tenantId, [revoked]);
    owner.raiseEpoch(tenantId);
    await projector.compareHeads();
    await isInStep(tenantId);
    expect(await cursorOf(tenantId)).toMatchObject({ state: 'FOLLOWING', state_reason: null });
    expect(await witnessed(tenantId, 1)).toEqual([...applied, ...queued]);
  });

  it('replaces no row by another history, however it is asked to', async () => {
    const tenantId = newTenant();
    await projector.run(owner.commit(tenantId, [created, addGroup('g')]));
    await projector.run(owner.commit(tenantId, [addGroup('known')]));
    owner.restore(tenantId, 1);
    for (let count = 0; count < 3; count += 1) owner.commit(tenantId, [addGroup('unknown')]);
    const before = await snapshots.load(tenantId);
    const { bar } = await projector.resync(tenantId);
    expect(bar).toEqual({ state: 'FENCED', reason: 'REWRITTEN' });
    expect(await snapshots.load(tenantId)).toEqual(before);
  });
});
