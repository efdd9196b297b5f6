import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import {
  type AccessChangedV1,
  accessChangedV1,
  amqpTopology,
  type AmqpTopology,
} from '@bastion/contracts';
import { FaultProxy, openConnection } from '@bastion/testing';
import type { Channel, ConsumeMessage } from 'amqplib';
import {
  AmqpConnection,
  ConfirmedPublisher,
  declareTopology,
  type AmqpLogger,
} from '../src/amqp/index.js';
import { Secret } from '../src/config/secret.js';

export const silentLogger: AmqpLogger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The broker that runs for all integration tests. */
export function testBrokerUrl(): string {
  const url = process.env['BASTION_TEST_AMQP_URL'];
  if (!url) throw new Error('BASTION_TEST_AMQP_URL is not set: run Jest with its global setup');
  return url;
}

const EVENTUALLY_MS = 40_000;

/** Polls until `condition` holds; fails when it does not come true in a very long time. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + EVENTUALLY_MS;
  while (!(await condition())) {
    if (performance.now() > giveUpAt)
      throw new Error(`it never became true: ${condition.toString()}`);
    await setTimeout(20);
  }
}

/** A promise that is settled by hand. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

export function change(revision: number, tenantId = 'acme'): AccessChangedV1 {
  return accessChangedV1.parse({
    kind: 'SNAPSHOT_REQUIRED',
    tenantId,
    epoch: 1,
    revision,
    committedAt: Date.UTC(2026, 0, 1) + revision,
  });
}

/** Ends every connection; the next ones pass. */
export async function sever(proxy: FaultProxy): Promise<void> {
  await proxy.inject({ kind: 'RESET' });
  await proxy.heal();
}

/**
 * A namespace of its own on a broker, connections to it, and a plain amqplib channel to look at the
 * broker with. `dispose` leaves nothing behind.
 */
export class AmqpHarness {
  readonly topology: AmqpTopology = amqpTopology(`test-${randomUUID()}`);
  readonly #disposals: (() => Promise<unknown>)[] = [];

  constructor(private readonly url: string) {}

  connection(url = this.url, logger = silentLogger): AmqpConnection {
    const connection = new AmqpConnection({
      url: new Secret(url),
      name: 'test',
      declare: (channel) => declareTopology(channel, this.topology),
      logger,
    });
    this.onDispose(() => connection.close());
    return connection;
  }

  /** What stands before the broker for connections to `url`. */
  async proxy(): Promise<{ readonly proxy: FaultProxy; readonly url: string }> {
    const proxy = await FaultProxy.open({ port: Number(new URL(this.url).port) });
    this.onDispose(() => proxy.close());
    return { proxy, url: proxy.at(this.url) };
  }

  /** Opens a connection after everything that uses it has registered. */
  async open(connection: AmqpConnection): Promise<void> {
    connection.open();
    await connection.whenConnected();
  }

  publisher(connection: AmqpConnection, confirmTimeoutMs?: number): ConfirmedPublisher {
    const { exchange, routingKey } = this.topology;
    return new ConfirmedPublisher(connection, {
      confirmTimeoutMs,
      exchange,
      routingKey,
      source: 'test',
      logger: silentLogger,
    });
  }

  async connectedPublisher(): Promise<ConfirmedPublisher> {
    const connection = this.connection();
    const publisher = this.publisher(connection);
    await this.open(connection);
    return publisher;
  }

  /** A channel that is ours alone, for looking and for breaking things. */
  async admin(): Promise<Channel> {
    const model = await openConnection(this.url);
    this.onDispose(() => model.close());
    return model.createChannel();
  }

  /** Messages that wait in a queue, those with a consumer not counted. */
  async waiting(admin: Channel, queue: string): Promise<number> {
    return (await admin.checkQueue(queue)).messageCount;
  }

  /** Consumes the next `count` messages of a queue for good. */
  async take(admin: Channel, queue: string, count: number): Promise<ConsumeMessage[]> {
    const taken: ConsumeMessage[] = [];
    const { consumerTag } = await admin.consume(queue, (message) => {
      if (message) taken.push(message);
    });
    await eventually(() => taken.length >= count);
    await admin.cancel(consumerTag);
    for (const message of taken) admin.ack(message);
    return taken;
  }

  /** What was disposed of last is undone first. */
  onDispose(disposal: () => Promise<unknown>): void {
    this.#disposals.unshift(disposal);
  }

  async dispose(): Promise<void> {
    for (const disposal of this.#disposals) await disposal();
    const model = await openConnection(this.url);
    const channel = await model.createChannel();
    const { exchange, deadLetterExchange, projectionQueue, deadLetterQueue } = this.topology;
    for (const queue of [projectionQueue, deadLetterQueue]) await channel.deleteQueue(queue);
    for (const name of [exchange, deadLetterExchange]) await channel.deleteExchange(name);
    await model.close();
  }
}
