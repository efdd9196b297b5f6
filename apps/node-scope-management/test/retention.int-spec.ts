import { changesResponseV1, snapshotResponseV1 } from '@bastion/contracts';
import { Secret } from '@bastion/platform';
import { RelayDatabase } from '../src/database/relay-database.js';
import { OutboxRetention } from '../src/outbox/outbox-retention.js';
import type { RelayState } from '../src/outbox/outbox.relay.js';
import { eventually } from './support/eventually.js';
import { Seed } from './support/seed.js';
import { TestService } from './support/test-service.js';

const CONSUMER = 'gatekeeper-sync';
const HOURS = 72;

let service: TestService;
let relayState: RelayState = 'LEADING';
let looks = 0;
const relay = {
  get state() {
    looks += 1;
    return relayState;
  },
};

beforeAll(async () => {
  service = await TestService.start({ SERVICE_SUBJECTS: CONSUMER });
});

afterAll(() => service.stop());

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

function retention(everyMs?: number): OutboxRetention {
  const url = new Secret(service.database.urlAs('scope_management_relay'));
  return new OutboxRetention(relay, new RelayDatabase(url), HOURS, silent, everyMs);
}

const purge = () => retention().purge();

/** A tenant of that many revisions, each sent so many hours ago; null: not sent. */
async function sent(tenantId: string, hoursAgo: readonly (number | null)[]): Promise<void> {
  await service.createTenant(tenantId);
  await service.database.query('DELETE FROM outbox_messages WHERE tenant_id = $1', [tenantId]);
  await service.database.query(
    `INSERT INTO outbox_messages (tenant_id, epoch, revision, body, committed_at, sent_at)
     SELECT $1, 1, nth, '{}', now(), now() - hours * interval '1 hour'
     FROM unnest($2::float8[]) WITH ORDINALITY AS each (hours, nth)`,
    [tenantId, hoursAgo],
  );
}

async function consumer(
  tenantId: string,
  { id = 'projection', kind = 'PROJECTION', epoch = 1, revision = 9, state = 'FOLLOWING' } = {},
): Promise<void> {
  await service.database.query(
    `INSERT INTO consumer_positions
       (tenant_id, consumer_id, kind, epoch, revision, digest, state, accepts, lease_until)
     VALUES ($1, $2, $3, $4, $5, '', $6, '{}', now())`,
    [tenantId, id, kind, epoch, revision, state],
  );
}

async function kept(tenantId: string): Promise<number[]> {
  const rows = await service.database.query<{ revision: string }>(
    'SELECT revision FROM outbox_messages WHERE tenant_id = $1 ORDER BY epoch, revision',
    [tenantId],
  );
  return rows.map(({ revision }) => Number(revision));
}

describe('a message of the outbox', () => {
  it('goes once it was sent long ago and every projection has it', async () => {
    await sent('gone', [100, 80, 73, 71, 1, null]);
    await consumer('gone');
    await consumer('gone', { id: 'another', revision: 4 });
    await purge();
    expect(await kept('gone')).toEqual([4, 5, 6]);
  });

  it('stays while a projection is behind it', async () => {
    await sent('behind', [100, 100, 100]);
    await consumer('behind');
    await consumer('behind', { id: 'slow', revision: 1 });
    await purge();
    expect(await kept('behind')).toEqual([2, 3]);
  });

  it('stays while a projection has applied nothing', async () => {
    await sent('nothing', [100, 100]);
    await consumer('nothing', { revision: 0 });
    await purge();
    expect(await kept('nothing')).toEqual([1, 2]);
  });

  it('stays while a projection is in an epoch before', async () => {
    await sent('epochs', [100, 100]);
    await service.database.query(
      `UPDATE outbox_messages SET epoch = 2 WHERE tenant_id = 'epochs' AND revision = 2`,
    );
    await consumer('epochs', { epoch: 1, revision: 50 });
    await purge();
    expect(await kept('epochs')).toEqual([2]);
  });

  it('stays while a projection knows another history, however far it is in that', async () => {
    await sent('fenced', [100, 100]);
    await consumer('fenced');
    await consumer('fenced', { id: 'witness', revision: 50, state: 'FENCED' });
    await purge();
    expect(await kept('fenced')).toEqual([1, 2]);
  });

  it('stays while no projection is known, whoever else follows', async () => {
    await sent('unknown', [100, 100]);
    await consumer('unknown', { kind: 'REPLICA' });
    await purge();
    expect(await kept('unknown')).toEqual([1, 2]);
  });

  it('stays while it was not sent, however old it is', async () => {
    await sent('unsent', [null, null]);
    await service.database.query(
      `UPDATE outbox_messages SET committed_at = now() - interval '1 year' WHERE tenant_id = 'unsent'`,
    );
    await consumer('unsent');
    await purge();
    expect(await kept('unsent')).toEqual([1, 2]);
  });

  it('goes with all others that may, however many they are', async () => {
    await sent(
      'many',
      Array.from({ length: 1_201 }, () => 100),
    );
    await consumer('many', { revision: 1_200 });
    expect(await purge()).toBe(1_200);
    expect(await kept('many')).toEqual([1_201]);
  });
});

describe('a range that is kept no longer', () => {
  it('is GONE for whoever asks for it, and the snapshot has what it led to', async () => {
    const tenant = await service.createTenant('asked');
    const seed = new Seed(service, tenant);
    for (let time = 0; time < 3; time += 1) await seed.user();
    await service.database.query(
      `UPDATE outbox_messages SET sent_at = now() - interval '1 year' WHERE tenant_id = 'asked'`,
    );
    await consumer('asked', { revision: 3 });
    await purge();
    expect(await kept('asked')).toEqual([4]);

    const changes = await ask('tenants/asked/changes?epoch=1&after=1');
    expect(changesResponseV1.parse(changes)).toMatchObject({ kind: 'GONE', head: { revision: 4 } });
    const { head, facts } = snapshotResponseV1.parse(await ask('tenants/asked/snapshot'));
    expect(head.revision).toBe(4);
    expect(facts.principals).toHaveLength(4);
    expect(
      changesResponseV1.parse(await ask('tenants/asked/changes?epoch=1&after=3')),
    ).toMatchObject({ kind: 'RANGE', changes: [{ revision: 4 }] });
  });
});

async function ask(path: string): Promise<unknown> {
  const token = await service.issuer.token({ subject: CONSUMER });
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${service.url}/sync/v1/${path}`, { headers })).json();
}

describe('the process that deletes', () => {
  it('is the one whose relay leads', async () => {
    await sent('leads', [100]);
    await consumer('leads');
    relayState = 'STANDBY';
    looks = 0;
    const running = retention(1);
    running.onApplicationBootstrap();
    await eventually(() => looks > 3);
    expect(await kept('leads')).toEqual([1]);
    relayState = 'LEADING';
    await eventually(async () => (await kept('leads')).length === 0);
    await running.onApplicationShutdown();
  });
});
