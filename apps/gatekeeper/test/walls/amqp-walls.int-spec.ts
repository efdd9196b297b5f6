import { randomUUID } from 'node:crypto';
import { accessChangedV1, accessEventV1, type AccessEventV1 } from '@bastion/contracts';
import { z } from 'zod';
import { changeSetOf, type ChangeSet } from '../../src/owner/index.js';
import { Broker } from '../../src/projection/index.js';
import { BrokerTap } from '../support/broker-tap.js';
import { eventually } from '../support/eventually.js';
import { eventsOf } from '../support/tenant-events.js';
import { AMQP_WALLS, findUnclassifiedMessages, type Received } from './amqp-messages.js';
import { THEIRS, WalledGatekeeper } from './walled-gatekeeper.js';
import { factsOf, idsOf } from './walled-tenants.js';

let broker: BrokerTap;
let walled: WalledGatekeeper;

beforeAll(async () => {
  const url = process.env['BASTION_TEST_AMQP_URL'];
  if (!url) throw new Error('Set BASTION_TEST_AMQP_URL to a RabbitMQ for tests.');
  const namespace = `test-${randomUUID()}`;
  broker = await BrokerTap.open(url, namespace);
  const environment = {
    AMQP_URL: url,
    AMQP_NAMESPACE: namespace,
    // Asking the owner by itself comes too late to help in here: what happens, messages did.
    HEADS_INTERVAL_MS: '300000',
    PROJECTION_CHECK_INTERVAL_MS: '300000',
  };
  walled = await WalledGatekeeper.start(environment, (change) => broker.publish(change));
});

afterAll(async () => {
  await walled?.stop();
  await broker?.remove();
});

const theirs = idsOf(THEIRS);
const types = Object.keys(AMQP_WALLS.events) as AccessEventV1['type'][];

/** What the service takes, asked of the service and of the contracts. */
function received(event: { readonly options: readonly EventSchema[] } = accessEventV1): Received {
  const { servers } = walled.replica.app.get(Broker);
  return {
    patterns: servers.flatMap((server) => [...server.getHandlers().keys()]),
    kinds: accessChangedV1.options.map(({ shape }) => shape.kind.value),
    events: event.options.map(({ shape }) => shape.type.value),
  };
}

interface EventSchema {
  readonly shape: { readonly type: { readonly value: string } };
}

let count = 0;

/** A tenant whose next change set may say whatever it likes. */
async function newTenant(): Promise<string> {
  count += 1;
  const tenantId = `tenant-${count}`;
  await deliver(walled.world.owner.commit(tenantId, eventsOf(factsOf(tenantId))));
  return tenantId;
}

/** Publishes a change set; resolves when both the rows and the answers are from it. */
async function deliver(change: ChangeSet, deletes = false): Promise<void> {
  const { tenantId } = change;
  await broker.publish(change);
  await walled.projected(tenantId);
  const atLeast = walled.world.tokenOfHead(tenantId);
  const [answer] = await checks(tenantId, [{ ...QUESTION, atLeast }]);
  // Of a tenant that is deleted nothing is said, not even how far it came.
  expect(answer?.consistencyToken).toBe(deletes ? null : atLeast);
}

const QUESTION = { permission: 'document:read', scopeId: 'root' };

interface Check {
  readonly allowed: boolean;
  readonly reason: string;
  readonly consistencyToken: string;
}

async function checks(tenantId: string, inputs: readonly object[]): Promise<readonly Check[]> {
  const { data } = await walled.world.graphql<{ checkMany: Check[] }>(
    walled.replica,
    await walled.world.token(tenantId, idsOf(tenantId).admin),
    `query ($inputs: [CheckInput!]!) {
      checkMany(inputs: $inputs) { allowed reason assignmentIds consistencyToken }
    }`,
    { inputs },
  );
  return data?.checkMany ?? [];
}

/** Everything of the other tenant that a message could have changed: its rows, and every decision. */
async function whatTheyHave() {
  const principals = [theirs.admin, theirs.user, theirs.serviceAccount].map((id) => ({ id }));
  const inputs = principals.flatMap((principal) =>
    ['root', theirs.scope, theirs.inner].flatMap((scopeId) =>
      ['document:read', 'document:write'].map((permission) => ({ principal, scopeId, permission })),
    ),
  );
  const decisions = await checks(THEIRS, inputs);
  expect(new Set(decisions.map(({ reason }) => reason))).toEqual(
    new Set(['ALLOWED_BY', 'NO_ASSIGNMENT']),
  );
  const rows = Object.entries(await walled.tenants.rows());
  return { rows: rows.filter(([name]) => name.startsWith('their ')), decisions };
}

describe('the wall between tenants, over AMQP', () => {
  it('is thought about for every message, and for every event in it', () => {
    expect(findUnclassifiedMessages(received(), AMQP_WALLS)).toEqual([]);
  });

  it('is not thought about for what was added', () => {
    const planted = z.object({ type: z.literal('planted.v1') });
    const events = { options: [...accessEventV1.options, planted] };
    const patterns = ['planted-pattern'];
    const added = { ...received(events), patterns };
    expect(findUnclassifiedMessages(added, AMQP_WALLS)).toEqual([
      'patterns: planted-pattern is not classified',
      'events: planted.v1 is not classified',
    ]);
  });

  it.each(types)('is kept by %s, whatever ids of others it names', async (type) => {
    const tenantId = await newTenant();
    const before = await whatTheyHave();
    const event = AMQP_WALLS.events[type](theirs);
    await deliver(
      walled.world.owner.commit(tenantId, domainOf(event)),
      type === 'tenant-deleted.v1',
    );
    expect(await whatTheyHave()).toEqual(before);
  });

  it('is kept by a change set that is fetched', async () => {
    const tenantId = await newTenant();
    const before = await whatTheyHave();
    const events = types.flatMap((type) => domainOf(AMQP_WALLS.events[type](theirs)));
    await deliver(walled.world.owner.commit(tenantId, events, 'SNAPSHOT_REQUIRED'), true);
    expect(await whatTheyHave()).toEqual(before);
  });

  it.each(types)(
    'is kept by %s without content, which ends among the dead letters',
    async (type) => {
      const before = await whatTheyHave();
      const head = walled.world.owner.headAt(THEIRS);
      const position = { tenantId: THEIRS, epoch: 1, revision: (head?.revision ?? 0) + 1 };
      const body = JSON.stringify({
        kind: 'CHANGES',
        ...position,
        committedAt: 0,
        events: [{ type }],
      });
      await broker.publishRaw(body);
      expect(await eventually('a dead letter', () => broker.deadLetter())).toBe(body);
      await newTenant(); // behind it in every queue
      expect(await whatTheyHave()).toEqual(before);
    },
  );
});

function domainOf(event: AccessEventV1) {
  const wire = { kind: 'CHANGES', tenantId: 't', epoch: 1, revision: 1, committedAt: 0 };
  const change = changeSetOf(accessChangedV1.parse({ ...wire, events: [event] }));
  return change.kind === 'CHANGES' ? change.events : [];
}
