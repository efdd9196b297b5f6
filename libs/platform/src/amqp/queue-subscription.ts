import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { Acknowledgements } from './acknowledgements.js';
import type { AmqpLogger } from './amqp-logger.js';
import { within } from './deadline.js';

/** What one consumer lets pile up at the broker at most; beyond it the oldest messages go. */
const EXCLUSIVE_QUEUE_MAX_MESSAGES = 100_000;

/**
 * SHARED: a declared queue, whose messages reach one consumer each. EXCLUSIVE: a queue of the
 * subscription's own, which gets every message of the exchange for as long as it is connected.
 */
export type ConsumedQueue =
  | { readonly kind: 'SHARED'; readonly name: string }
  | { readonly kind: 'EXCLUSIVE'; readonly exchange: string; readonly routingKey: string };

/** ACK: done. REJECT: never again (a dead letter, if the queue has a place for them). */
export type Settlement = 'ACK' | 'REJECT' | { readonly retryInMs: number };

export interface SubscriptionOptions {
  readonly queue: ConsumedQueue;
  /** How many messages may be unsettled at once. */
  readonly prefetch: number;
  /** Called in the order of delivery, without waiting for earlier calls. Never rejects. */
  readonly handle: (message: ConsumeMessage) => Promise<Settlement>;
  /** The broker ended the subscription: its connection is gone, or its channel, or its queue. */
  readonly onLost: (reason: string) => void;
  /** A message was settled after its channel had closed: the broker will deliver it again. */
  readonly onLateSettlement: () => void;
  readonly logger: AmqpLogger;
}

/** One consumer on one channel of one connection; it does not survive any of them. */
export class QueueSubscription {
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #acknowledgements: Acknowledgements;
  #consumerTag: string | undefined;
  #lostEarly: string | undefined;
  #channelOpen = true;

  private constructor(
    private readonly channel: Channel,
    private readonly options: SubscriptionOptions,
  ) {
    this.#acknowledgements = new Acknowledgements(channel, options);
  }

  static async open(model: ChannelModel, options: SubscriptionOptions): Promise<QueueSubscription> {
    const subscription = new QueueSubscription(await model.createChannel(), options);
    await subscription.#consume();
    return subscription;
  }

  /** Whether it has ended, and so have all its handlers. */
  get over(): boolean {
    return !this.#channelOpen && this.#running.size === 0;
  }

  /**
   * Takes no more messages, gives the running handlers `graceMs` to finish, and returns what is
   * then unsettled to the queue.
   */
  async close(graceMs: number): Promise<void> {
    this.#stopping.abort();
    const tag = this.#consumerTag;
    if (this.#channelOpen && tag !== undefined) {
      await this.#within(graceMs, 'cancelling the consumer', this.channel.cancel(tag));
    }
    await this.#within(graceMs, 'finishing the running handlers', Promise.all(this.#running));
    this.#acknowledgements.send();
    if (this.#channelOpen) await this.#within(graceMs, 'closing', this.channel.close());
  }

  async #consume(): Promise<void> {
    const { channel, options } = this;
    channel.on('error', (error) => options.logger.error({ err: error }, 'AMQP channel failed'));
    channel.on('close', () => {
      this.#channelOpen = false;
      this.#acknowledgements.send();
      this.#lost('channel closed');
    });
    await channel.prefetch(options.prefetch);
    const queue = await queueName(channel, options.queue);
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message) this.#take(message);
      else this.#lost('consumer cancelled by the broker');
    });
    // It may be over already, by a frame that came right behind the broker's consent.
    if (this.#lostEarly !== undefined) throw new Error(this.#lostEarly);
    this.#consumerTag = consumerTag;
  }

  #lost(reason: string): void {
    if (this.#stopping.signal.aborted) return;
    if (this.#consumerTag === undefined) this.#lostEarly = reason;
    else this.options.onLost(reason);
  }

  #take(message: ConsumeMessage): void {
    this.#acknowledgements.expect(message);
    const settled = this.options
      .handle(message)
      .then((settlement) => this.#settle(message, settlement))
      .finally(() => this.#running.delete(settled));
    this.#running.add(settled);
  }

  async #settle(message: ConsumeMessage, settlement: Settlement): Promise<void> {
    if (typeof settlement === 'object') {
      // Cut short when stopping; the message goes back all the same.
      const { signal } = this.#stopping;
      await sleep(settlement.retryInMs, undefined, { signal }).catch(() => undefined);
    }
    if (settlement === 'ACK') this.#acknowledgements.ack(message);
    else this.#acknowledgements.reject(message, settlement !== 'REJECT');
  }

  async #within(ms: number, what: string, work: Promise<unknown>): Promise<void> {
    try {
      await within(ms, what, work);
    } catch (error) {
      this.options.logger.warn({ err: error }, 'AMQP subscription did not end in good order');
    }
  }
}

async function queueName(channel: Channel, queue: ConsumedQueue): Promise<string> {
  if (queue.kind === 'SHARED') return queue.name;
  const { queue: name } = await channel.assertQueue('', {
    exclusive: true,
    autoDelete: true,
    durable: false,
    // A consumer that stands still must not fill the broker's memory.
    maxLength: EXCLUSIVE_QUEUE_MAX_MESSAGES,
  });
  await channel.bindQueue(name, queue.exchange, queue.routingKey);
  return name;
}
