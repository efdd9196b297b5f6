import { randomUUID } from 'node:crypto';
import { type AccessChangedV1, accessChangedV1, amqpTopology } from '@bastion/contracts';
import { Secret } from '@bastion/platform';
import { type AmqpLogger, declareTopology } from '@bastion/platform/amqp';
import { ACTIVE_TENANT, openConnection, TestDatabase } from '@bastion/testing';
import type { Channel, ConsumeMessage } from 'amqplib';
import { RelayDatabase } from '../../src/database/relay-database.js';
import { OutboxPublisher } from '../../src/outbox/outbox-publisher.js';
import { OutboxRelay } from '../../src/outbox/outbox.relay.js';
import { OutboxSignal } from '../../src/outbox/outbox-signal.js';

/** An outbox, relays that publish it, and a look at what the broker got. */
export class OutboxBench {
  readonly namespace = `test-${randomUUID()}`;
  readonly topology = amqpTopology(this.namespace);
  /** How often a relay took the lead. */
  leads = 0;
  private readonly logger: AmqpLogger = {
    info: (_, message) => {
      if (message === 'The relay leads') this.leads += 1;
    },
    warn: () => undefined,
    error: () => undefined,
  };
  private readonly disposals: (() => Promise<unknown>)[] = [];
  private readonly committed = new Map<string, number>();

  private constructor(
    readonly database: TestDatabase<'scope-management'>,
    private readonly amqpUrl: string,
  ) {}

  static async open(amqpUrl: string): Promise<OutboxBench> {
    return new OutboxBench(await TestDatabase.create('scope-management'), amqpUrl);
  }

  get relayDatabase(): RelayDatabase {
    return new RelayDatabase(new Secret(this.database.urlAs('scope_management_relay')));
  }

  /** What a relay in a process of its own is configured with. */
  get environment(): Record<string, string> {
    return {
      AMQP_URL: this.amqpUrl,
      AMQP_NAMESPACE: this.namespace,
      DATABASE_URL_RELAY: this.database.urlAs('scope_management_relay'),
    };
  }

  /** A running relay; without polling it publishes only what it is woken for. */
  startRelay(signal = new OutboxSignal(), pollMs = 500): OutboxRelay {
    const connection = { url: new Secret(this.amqpUrl), namespace: this.namespace };
    const publisher = new OutboxPublisher(connection, this.logger);
    const paces = { pollMs, readPauseMs: 10, markPauseMs: 100 };
    const limits = { readLimit: 500, perTenant: 100, maxUnderWay: 2_000, ...paces };
    const relay = new OutboxRelay(this.relayDatabase, publisher, signal, this.logger, limits);
    relay.onApplicationBootstrap();
    this.onDispose(() => relay.onApplicationShutdown());
    return relay;
  }

  /** Commits the tenant's next change sets, each in a transaction of its own. */
  async commit(tenantId: string, count = 1): Promise<void> {
    for (let i = 0; i < count; i++) {
      const revision = (this.committed.get(tenantId) ?? 0) + 1;
      this.committed.set(tenantId, revision);
      const body: AccessChangedV1 = accessChangedV1.parse({
        kind: 'CHANGES',
        tenantId,
        epoch: 1,
        revision,
        committedAt: Date.UTC(2026, 0, 1) + revision,
        events: [{ type: 'tenant-resumed.v1', tenant: ACTIVE_TENANT }],
      });
      await this.database.query(
        `INSERT INTO outbox_messages (tenant_id, epoch, revision, body, committed_at)
         VALUES ($1, 1, $2, $3, now())`,
        [tenantId, revision, body],
      );
    }
  }

  async unsent(): Promise<number> {
    const rows = await this.database.query<{ count: string }>(
      'SELECT count(*) FROM outbox_messages WHERE sent_at IS NULL',
    );
    return Number(rows[0]?.count);
  }

  /** Ends the database session of whichever relay leads. */
  async endLeadersSession(): Promise<void> {
    await this.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE locktype = 'advisory' AND granted
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
  }

  /** A channel on the declared topology. */
  async channel(): Promise<Channel> {
    const model = await openConnection(this.amqpUrl);
    this.onDispose(() => model.close());
    const channel = await model.createChannel();
    await declareTopology(channel, this.topology);
    return channel;
  }

  /** Everything that arrives in the projection's queue, in order. */
  async consume(): Promise<ConsumeMessage[]> {
    const arrived: ConsumeMessage[] = [];
    const channel = await this.channel();
    await channel.consume(this.topology.projectionQueue, (message) => {
      if (message) arrived.push(message);
      if (message) channel.ack(message);
    });
    return arrived;
  }

  onDispose(disposal: () => Promise<unknown>): void {
    this.disposals.unshift(disposal);
  }

  async dispose(): Promise<void> {
    for (const disposal of this.disposals) await disposal();
    const model = await openConnection(this.amqpUrl);
    const channel = await model.createChannel();
    const { exchange, deadLetterExchange, projectionQueue, deadLetterQueue } = this.topology;
    for (const queue of [projectionQueue, deadLetterQueue]) await channel.deleteQueue(queue);
    for (const name of [exchange, deadLetterExchange]) await channel.deleteExchange(name);
    await model.close();
    await this.database.drop();
  }
}

/** The revisions of a tenant in the order of their first arrival. */
export function firstArrivals(arrived: readonly ConsumeMessage[], tenantId: string): number[] {
  const revisions = arrived
    .map((message) => accessChangedV1.parse(JSON.parse(message.content.toString())))
    .filter((change) => change.tenantId === tenantId)
    .map((change) => change.revision);
  return [...new Set(revisions)];
}

export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
