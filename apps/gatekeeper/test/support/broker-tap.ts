import {
  ACCESS_CHANGED_V1,
  accessAppliedV1,
  amqpTopology,
  type AccessAppliedV1,
  type AmqpTopology,
} from '@bastion/contracts';
import { declareTopology } from '@bastion/platform/amqp';
import { connect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import type { ChangeSet } from '../../src/owner/index.js';
import { wireOf } from './owner-server.js';

/** Publishes as the owner does, hears what it is told, and looks into the queues. */
export class BrokerTap {
  /** What consumers said they applied, in the order it came. */
  readonly applied: AccessAppliedV1[] = [];

  private constructor(
    private readonly model: ChannelModel,
    private readonly channel: ConfirmChannel,
    private readonly topology: AmqpTopology,
  ) {}

  static async open(url: string, namespace: string): Promise<BrokerTap> {
    const model = await connect(url, { noDelay: true });
    const channel = await model.createConfirmChannel();
    const topology = amqpTopology(namespace);
    await declareTopology(channel, topology);
    const tap = new BrokerTap(model, channel, topology);
    await tap.#listen();
    return tap;
  }

  /** As every process of the owner does, with a queue of its own. */
  async #listen(): Promise<void> {
    const { appliedExchange, appliedRoutingKey } = this.topology;
    const { queue } = await this.channel.assertQueue('', { exclusive: true });
    await this.channel.bindQueue(queue, appliedExchange, appliedRoutingKey);
    const hear = (body: Buffer) =>
      this.applied.push(accessAppliedV1.parse(JSON.parse(body.toString())));
    await this.channel.consume(queue, (message) => message && hear(message.content), {
      noAck: true,
    });
  }

  /** Resolves when the broker holds them all. */
  async publish(...changes: readonly ChangeSet[]): Promise<void> {
    for (const change of changes) this.send(JSON.stringify(wireOf(change)));
    await this.channel.waitForConfirms();
  }

  async publishRaw(body: string): Promise<void> {
    this.send(body);
    await this.channel.waitForConfirms();
  }

  /** Messages in the shared queue that nobody has taken yet. */
  async waiting(): Promise<number> {
    return (await this.channel.checkQueue(this.topology.projectionQueue)).messageCount;
  }

  /** The body of a message that was given up, if there is one. */
  async deadLetter(): Promise<string | undefined> {
    const message = await this.channel.get(this.topology.deadLetterQueue, { noAck: true });
    return message === false ? undefined : message.content.toString();
  }

  /** Leaves nothing of the namespace behind. */
  async remove(): Promise<void> {
    const { projectionQueue, deadLetterQueue } = this.topology;
    const { exchange, deadLetterExchange, appliedExchange } = this.topology;
    await this.channel.deleteQueue(projectionQueue);
    await this.channel.deleteQueue(deadLetterQueue);
    await this.channel.deleteExchange(exchange);
    await this.channel.deleteExchange(deadLetterExchange);
    await this.channel.deleteExchange(appliedExchange);
    await this.model.close();
  }

  private send(body: string): void {
    const { exchange, routingKey } = this.topology;
    this.channel.publish(exchange, routingKey, Buffer.from(body), {
      type: ACCESS_CHANGED_V1,
      contentType: 'application/json',
      persistent: true,
    });
  }
}
