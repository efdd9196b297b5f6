import { randomUUID } from 'node:crypto';
import { buildSnapshot, type TenantFacts } from '@bastion/policy';
import { tenantFacts } from '@bastion/testing';
import type { ChangeSet } from '../src/owner/index.js';
import { tenantOfRows } from '../src/projection/fact-rows.js';
import { BrokerTap } from './support/broker-tap.js';
import { eventually } from './support/eventually.js';
import { GatekeeperWorld, type Replica } from './support/gatekeeper-world.js';
import { eventsOf } from './support/tenant-events.js';

let world: GatekeeperWorld;
let broker: BrokerTap;
let environment: Record<string, string>;
let replicas: Replica[];

beforeAll(async () => {
  const url = process.env['BASTION_TEST_AMQP_URL'];
  if (!url) throw new Error('Set BASTION_TEST_AMQP_URL to a RabbitMQ for tests.');
  const namespace = `test-${randomUUID()}`;
  broker = await BrokerTap.open(url, namespace);
  world = await GatekeeperWorld.start();
  // Asking the owner by itself comes too late to help in here: what happens, messages did.
  environment = {
    AMQP_URL: url,
    AMQP_NAMESPACE: namespace,
    LEASE_MS: '120000',
    HEADS_INTERVAL_MS: '60000',
    PROJECTION_CHECK_INTERVAL_MS: '60000',
  };
  replicas = [await world.replica(environment), await world.replica(environment)];
});

afterAll(async () => {
  await world.stop();
  await broker.remove();
});

const facts = tenantFacts().user('alice').scope('ws').role('reader', ['document:read']).facts();
const grant = {
  type: 'role-assigned' as const,
  assignment: tenantFacts()
    .user('alice')
    .scope('ws')
    .role('reader', ['document:read'])
    .assign('alice', 'reader', 'ws', { id: 'a' })
    .facts().assignments[0]!,
};
const revoke = { type: 'role-unassigned' as const, assignmentId: 'a' };

let tenants = 0;
const newTenant = (): string => `tenant-${(tenants += 1)}`;

async function reasonAt(replica: Replica, tenantId: string): Promise<string | undefined> {
  const { data } = await world.graphql<{ check: { reason: string } }>(
    replica,
    await world.token(tenantId, 'alice'),
    '{ check(input: { permission: "document:read", scopeId: "ws" }) { reason } }',
  );
  return data?.check.reason;
}

const everywhere = (tenantId: string, reason: string) =>
  eventually(`${reason} at every replica`, async () => {
    const reasons = await Promise.all(replicas.map((replica) => reasonAt(replica, tenantId)));
    return reasons.every((each) => each === reason);
  });

/** Resolves when the rows are what the owner says at its head. */
async function projectionInStep(tenantId: string): Promise<void> {
  const head = world.owner.headAt(tenantId);
  await eventually(`the projection at ${JSON.stringify(head)}`, async () => {
    const [row] = await world.database.query<{ epoch: number; revision: string }>(
      'SELECT epoch, revision FROM projection_cursors WHERE tenant_id = $1',
      [tenantId],
    );
    return row?.epoch === head?.epoch && Number(row?.revision) === head?.revision;
  });
  const rows = await world.database.query<{ kind: string; facts: unknown[] }>(
    'SELECT kind, jsonb_agg(fact) AS facts FROM projected_facts WHERE tenant_id = $1 GROUP BY kind',
    [tenantId],
  );
  const projected = tenantOfRows(new Map(rows.map(({ kind, facts }) => [kind, facts])));
  expect(buildSnapshot(projected as TenantFacts).facts()).toEqual(
    head && world.owner.factsAt(tenantId, head),
  );
}

describe('a change that is published', () => {
  it('is enforced at every replica and written once, without anybody asking the owner', async () => {
    const tenantId = newTenant();
    await broker.publish(world.owner.commit(tenantId, eventsOf(facts)));
    await everywhere(tenantId, 'NO_ASSIGNMENT');
    world.owner.failing = true;
    await broker.publish(world.owner.commit(tenantId, [grant]));
    await everywhere(tenantId, 'ALLOWED_BY');
    await broker.publish(world.owner.commit(tenantId, [revoke]));
    await everywhere(tenantId, 'NO_ASSIGNMENT');
    await projectionInStep(tenantId);
    world.owner.failing = false;
  });

  it('is enforced although one before it was lost', async () => {
    const tenantId = newTenant();
    await broker.publish(world.owner.commit(tenantId, eventsOf(facts)));
    await everywhere(tenantId, 'NO_ASSIGNMENT');
    world.owner.commit(tenantId, [grant]);
    await broker.publish(
      world.owner.commit(tenantId, [{ type: 'group-created', group: { id: 'g' } }]),
    );
    await everywhere(tenantId, 'ALLOWED_BY');
    await projectionInStep(tenantId);
  });

  it('counts once and in its place, however often and in whatever order it comes', async () => {
    const tenantId = newTenant();
    const changes: ChangeSet[] = [world.owner.commit(tenantId, eventsOf(facts))];
    for (let round = 0; round < 100; round += 1) {
      changes.push(world.owner.commit(tenantId, [round % 2 === 0 ? grant : revoke]));
    }
    await broker.publish(...changes);
    await everywhere(tenantId, 'NO_ASSIGNMENT');
    await broker.publish(...changes.toReversed(), ...changes);
    changes.push(world.owner.commit(tenantId, [grant]));
    await broker.publish(...changes.slice(-1));
    await everywhere(tenantId, 'ALLOWED_BY');
    await projectionInStep(tenantId);
    await eventually('an empty queue', async () => (await broker.waiting()) === 0);
  });

  it('too large for a message is fetched', async () => {
    const tenantId = newTenant();
    await broker.publish(world.owner.commit(tenantId, eventsOf(facts)));
    await everywhere(tenantId, 'NO_ASSIGNMENT');
    await broker.publish(world.owner.commit(tenantId, [grant], 'SNAPSHOT_REQUIRED'));
    await everywhere(tenantId, 'ALLOWED_BY');
    await projectionInStep(tenantId);
  });
});

describe('a message that nobody can read', () => {
  it('is kept aside, and its tenant is brought in step without it', async () => {
    const tenantId = newTenant();
    await broker.publish(world.owner.commit(tenantId, eventsOf(facts)));
    await projectionInStep(tenantId);
    world.owner.commit(tenantId, [grant]);
    const body = JSON.stringify({
      kind: 'CHANGES',
      tenantId,
      epoch: 1,
      revision: 2,
      events: 'all',
    });
    await broker.publishRaw(body);
    await projectionInStep(tenantId);
    expect(await eventually('a dead letter', () => broker.deadLetter())).toBe(body);
  });

  it.each(['no JSON', '{}', '[]', 'null'])('is kept aside when it is %s', async (body) => {
    await broker.publishRaw(body);
    expect(await eventually('a dead letter', () => broker.deadLetter())).toBe(body);
  });
});

describe('a replica that ends', () => {
  it('leaves the queue to the others, and no message behind', async () => {
    const leaving = await world.replica(environment);
    const [first] = replicas;
    const tenantId = newTenant();
    const changes = [world.owner.commit(tenantId, eventsOf(facts))];
    for (let round = 0; round < 500; round += 1)
      changes.push(world.owner.commit(tenantId, [grant]));
    const published = broker.publish(...changes);
    // The active consumer is the one that came first.
    await first?.app.close();
    await published;
    replicas = [...replicas.slice(1), leaving];
    await projectionInStep(tenantId);
    await everywhere(tenantId, 'ALLOWED_BY');
    await eventually('an empty queue', async () => (await broker.waiting()) === 0);
  });
});
