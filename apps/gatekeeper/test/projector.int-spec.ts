import { Secret } from '@bastion/platform';
import { ClientCredentialsTokens, SyncClient } from '@bastion/platform/sync-client';
import { buildSnapshot, type AccessEvent } from '@bastion/policy';
import { ACTIVE_TENANT, arbitraryEvents, TestDatabase } from '@bastion/testing';
import fc from 'fast-check';
import { Client } from 'pg';
import { Database } from '../src/database/database.js';
import { OwnerClient, type ChangeSet } from '../src/owner/index.js';
import { ApplyAccessChangeCommand } from '../src/projection/apply-access-change.command.js';
import { systemMonotonicClock } from '../src/projection/monotonic-clock.js';
import { ProjectionRepairer } from '../src/projection/projection.repairer.js';
import { ProjectionStore } from '../src/projection/projection.store.js';
import { SnapshotStore } from '../src/projection/snapshot.store.js';
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
    clock: systemMonotonicClock,
    random: () => 0.5,
    logger,
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
    const position = (await snapshots.load(tenantId))?.position;
    return position?.epoch === head?.epoch && position?.revision === head?.revision;
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
    expect((await snapshots.load(stuck))?.position.revision).toBe(1);
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
    expect((await snapshots.load(tenantId))?.position.revision).toBe(1);
    owner.failing = false;
    await isInStep(tenantId);
  });
});
