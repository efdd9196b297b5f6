import {
  ACCESS_APPLIED_V1,
  type AccessAppliedV1,
  amqpTopology,
  GENESIS_DIGEST,
} from '@bastion/contracts';
import { type ChannelModel, connect } from 'amqplib';
import { filter, firstValueFrom } from 'rxjs';
import { AppliedBroker } from '../src/consumer/index.js';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const CONSUMER = 'gatekeeper-sync';
/** Longer than any test waits: an answer before it is an answer to an acknowledgement. */
const LONG_LEASE_MS = 600_000;
const NAMESPACE = `test-${process.pid}-consumer`;
const TOPOLOGY = amqpTopology(NAMESPACE);

let service: TestService;
let broker: ChannelModel;
let acme: TestTenant;
let observer: TenantObserver;

beforeAll(async () => {
  const url = process.env['BASTION_TEST_AMQP_URL'] ?? '';
  broker = await connect(url);
  service = await TestService.start({
    SERVICE_SUBJECTS: CONSUMER,
    AMQP_URL: url,
    AMQP_NAMESPACE: NAMESPACE,
  });
  const [server] = service.app.get(AppliedBroker).servers;
  await firstValueFrom(server!.status.pipe(filter((status) => status === 'SUBSCRIBED')));
});

beforeEach(async () => {
  acme = await service.createTenant(`acme-${performance.now()}`);
  observer = new TenantObserver(service, acme.id);
});

afterAll(async () => {
  await service.stop();
  const channel = await broker.createChannel();
  for (const queue of [TOPOLOGY.projectionQueue, TOPOLOGY.deadLetterQueue]) {
    await channel.deleteQueue(queue);
  }
  for (const exchange of [
    TOPOLOGY.exchange,
    TOPOLOGY.deadLetterExchange,
    TOPOLOGY.appliedExchange,
  ]) {
    await channel.deleteExchange(exchange);
  }
  await broker.close();
});

function applied(id: string, revision: number, leaseMs = LONG_LEASE_MS): AccessAppliedV1 {
  return {
    consumer: { kind: 'REPLICA', id },
    accepts: ['access-changed.v1'],
    leaseMs,
    positions: [
      { tenantId: acme.id, epoch: 1, revision, digest: GENESIS_DIGEST, state: 'FOLLOWING' },
    ],
  };
}

/** Asks for the tenant's head as a replica does, which earns it a lease. */
async function askHeads(said: AccessAppliedV1): Promise<void> {
  const response = await fetch(`${service.url}/sync/v1/heads`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await service.issuer.token({ subject: CONSUMER })}`,
    },
    body: JSON.stringify({ tenantIds: [acme.id], applied: said }),
  });
  expect(response.status).toBe(200);
}

async function sayByMessage(said: AccessAppliedV1): Promise<void> {
  const channel = await broker.createConfirmChannel();
  channel.publish(
    TOPOLOGY.appliedExchange,
    TOPOLOGY.appliedRoutingKey,
    Buffer.from(JSON.stringify(said)),
    { type: ACCESS_APPLIED_V1 },
  );
  await channel.waitForConfirms();
  await channel.close();
}

/** A write that waits until it is enforced everywhere, and whether its answer has come. */
async function writeApplied() {
  const write = { appliedAt: undefined as string | null | undefined, answer: Promise.resolve() };
  const before = await observer.counter();
  write.answer = acme.admin
    .answer<{ createGroup: { appliedAt: string | null } }>(
      `mutation ($input: CreateGroupInput!) {
        createGroup(input: $input, await: APPLIED) { appliedAt }
      }`,
      { input: { name: `group ${performance.now()}` } },
    )
    .then(({ createGroup }) => void (write.appliedAt = createGroup.appliedAt));
  while ((await observer.counter()).revision === before.revision) await nextTurn();
  return { write, revision: before.revision + 1 };
}

/** Long enough for an answer that waits for nothing to arrive. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 300));
const nextTurn = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('a write with `await: APPLIED`', () => {
  it('is answered at once where no replica may answer about the tenant', async () => {
    const { write } = await writeApplied();
    await write.answer;
    expect(write.appliedAt).toEqual(expect.any(String));
  });

  it('waits for every replica that holds a lease, until it has said by message that it applied it', async () => {
    await askHeads(applied('one', 1));
    await askHeads(applied('two', 1));
    const { write, revision } = await writeApplied();
    await sayByMessage(applied('one', revision));
    await aMoment();
    expect(write.appliedAt).toBeUndefined();
    await sayByMessage(applied('two', revision));
    await write.answer;
    expect(write.appliedAt).toEqual(expect.any(String));
  });

  it('is told by the next question for heads what no message told', async () => {
    await askHeads(applied('one', 1));
    const { write, revision } = await writeApplied();
    await aMoment();
    expect(write.appliedAt).toBeUndefined();
    await askHeads(applied('one', revision));
    await write.answer;
    expect(write.appliedAt).toEqual(expect.any(String));
  });

  it('is not held up by an acknowledgement of an earlier revision, nor let go by one', async () => {
    await askHeads(applied('one', 1));
    const { write, revision } = await writeApplied();
    await sayByMessage(applied('one', revision - 1));
    await aMoment();
    expect(write.appliedAt).toBeUndefined();
    await sayByMessage(applied('one', revision + 1));
    await write.answer;
  });

  it('waits no longer than a lease for a replica that is gone', async () => {
    await askHeads(applied('gone', 1, 1_000));
    const { write } = await writeApplied();
    await write.answer;
    expect(write.appliedAt).toEqual(expect.any(String));
  });

  it('waits for a replica that was told of the tenant by a pull alone', async () => {
    const token = await service.issuer.token({ subject: CONSUMER });
    const pull = await fetch(
      `${service.url}/sync/v1/tenants/${acme.id}/snapshot?consumer=puller&leaseMs=${LONG_LEASE_MS}`,
      { headers: { authorization: `Bearer ${token}` } },
    );
    expect(pull.status).toBe(200);
    const { write, revision } = await writeApplied();
    await aMoment();
    expect(write.appliedAt).toBeUndefined();
    await sayByMessage(applied('puller', revision));
    await write.answer;
  });

  it('answers what another mutation answers, and other mutations wait for nothing', async () => {
    await askHeads(applied('slow', 1));
    const seed = new Seed(service, acme);
    await seed.group();
    const { revision } = await observer.counter();
    await sayByMessage(applied('slow', revision));
    const { createGroup } = await acme.admin.answer<{ createGroup: object }>(
      `mutation { createGroup(input: { name: "plain" }) { revision appliedAt group { name } } }`,
    );
    expect(createGroup).toEqual({
      revision: revision + 1,
      appliedAt: null,
      group: { name: 'plain' },
    });
  });
});

describe('what consumers say', () => {
  it('is noted for tenants that exist, and for no other', async () => {
    const said = applied('noter', 1);
    await askHeads({
      ...said,
      positions: [...said.positions, { ...said.positions[0]!, tenantId: 'nobody' }],
    });
    const rows = await service.database.query<{ tenant_id: string }>(
      `SELECT tenant_id FROM consumer_positions WHERE consumer_id = 'noter'`,
    );
    expect(rows).toEqual([{ tenant_id: acme.id }]);
  });

  it('shortens no lease', async () => {
    await askHeads(applied('keeper', 1, LONG_LEASE_MS));
    await askHeads(applied('keeper', 1, 1));
    const [row] = await service.database.query<{ long: boolean }>(
      `SELECT lease_until > now() + interval '500 s' AS long FROM consumer_positions
       WHERE consumer_id = 'keeper'`,
    );
    expect(row).toEqual({ long: true });
  });
});
