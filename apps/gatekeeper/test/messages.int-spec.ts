import { randomUUID } from 'node:crypto';
import { buildSnapshot, TOMBSTONE, type TenantFacts } from '@bastion/policy';
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

const deadLetterBody = () => eventually('a dead letter', () => broker.deadLetter());

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

  it('ends a tenant everywhere, and leaves its tombstone alone', async () => {
    const tenantId = newTenant();
    const person = tenantFacts().user('alice').facts();
    await broker.publish(world.owner.commit(tenantId, eventsOf(facts)));
    await broker.publish(world.owner.commit(tenantId, [...eventsOf(person), grant]));
    await everywhere(tenantId, 'ALLOWED_BY');
    const deleted = { type: 'tenant-deleted', tenant: TOMBSTONE } as const;
    await broker.publish(world.owner.commit(tenantId, [deleted]));
    await everywhere(tenantId, 'NO_TENANT');
    await projectionInStep(tenantId);
    const rows = await world.database.query(
      `SELECT 'fact' AS kind, fact AS content FROM projected_facts WHERE tenant_id = $1
       UNION ALL SELECT 'history', events FROM projection_history WHERE tenant_id = $1`,
      [tenantId],
    );
    expect(rows).toEqual([
      { kind: 'fact', content: TOMBSTONE },
      { kind: 'history', content: [deleted] },
    ]);
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
    expect(await deadLetterBody()).toBe(body);
  });

  it.each(['no JSON', '{}', '[]', 'null'])('is kept aside when it is %s', async (body) => {
    await broker.publishRaw(body);
    expect(await deadLetterBody()).toBe(body);
  });
});

describe('a tenant of which nothing that comes can be read', () => {
  it('is pulled, then taken as a whole, then quarantined alone, and heals by itself', async () => {
    const [tenantId, other] = [newTenant(), newTenant()];
    for (const id of [tenantId, other]) {
      await broker.publish(world.owner.commit(id, eventsOf(facts)));
      await projectionInStep(id);
      await everywhere(id, 'NO_ASSIGNMENT');
    }
    const poison = (revision: number) =>
      JSON.stringify({ kind: 'CHANGES', tenantId, epoch: 1, revision, events: 'all' });

    world.owner.garbled = { changes: true };
    world.owner.commit(tenantId, [grant]);
    await broker.publishRaw(poison(2));
    await projectionInStep(tenantId);

    world.owner.garbled = { changes: true, snapshot: true };
    const unread = world.owner.commit(tenantId, [revoke]);
    await broker.publishRaw(poison(3));
    await eventually('the projection quarantined', async () => {
      const [row] = await world.database.query<{ state: string }>(
        'SELECT state FROM projection_cursors WHERE tenant_id = $1',
        [tenantId],
      );
      return row?.state === 'QUARANTINED';
    });
    // The replicas cannot tell whose the poison is; the next message tells them that it is missing.
    const next = world.owner.commit(tenantId, [{ type: 'group-created', group: { id: 'g' } }]);
    await broker.publish(next);
    await everywhere(tenantId, 'QUARANTINED');
    await broker.publish(world.owner.commit(other, [grant]));
    await everywhere(other, 'ALLOWED_BY');

    world.owner.garbled = {};
    await eventually('every replica in step', async () => {
      await broker.publish(next);
      const reasons = await Promise.all(replicas.map((replica) => reasonAt(replica, tenantId)));
      return reasons.every((reason) => reason === 'NO_ASSIGNMENT');
    });
    await projectionInStep(tenantId);
    const bodies = [await deadLetterBody(), await deadLetterBody()];
    expect(bodies).toEqual([poison(2), poison(3)]);
    expect(unread.revision).toBe(3);
  });
});

describe('what was applied', () => {
  it('is told to the owner by the projection and by every replica, as soon as it is', async () => {
    const tenantId = newTenant();
    await broker.publish(world.owner.commit(tenantId, eventsOf(facts)));
    await everywhere(tenantId, 'NO_ASSIGNMENT');
    const change = world.owner.commit(tenantId, [grant]);
    await broker.publish(change);
    const { epoch, revision, digest } = change;
    const position = { tenantId, epoch, revision, digest, state: 'FOLLOWING' };
    const consumers = await eventually('all have told', () => {
      const told = broker.applied.filter(({ positions }) =>
        positions.some((each) => each.tenantId === tenantId && each.revision === revision),
      );
      return new Set(told.map(({ consumer }) => consumer.id)).size === 3 && told;
    });
    for (const { positions } of consumers) expect(positions).toContainEqual(position);
    const projection = { kind: 'PROJECTION', id: `${environment['AMQP_NAMESPACE']}.gatekeeper` };
    expect(consumers.filter(({ consumer }) => consumer.kind === 'PROJECTION')).toMatchObject([
      { consumer: projection, leaseMs: 0 },
    ]);
    const ofReplicas = consumers.filter(({ consumer }) => consumer.kind === 'REPLICA');
    expect(ofReplicas.map(({ leaseMs }) => leaseMs)).toEqual([120_000, 120_000]);
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
