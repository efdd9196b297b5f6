import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import type { ChannelModel, ConsumeMessage } from 'amqplib';
import { lastValueFrom } from 'rxjs';
import type { AmqpConnection } from './amqp-connection.js';
import { AmqpContext } from './amqp-context.js';
import type { AmqpLogger } from './amqp-logger.js';
import { backoffMs } from './backoff.js';
import { PoisonMessageError } from './poison-message.error.js';
import { QueueSubscription, type ConsumedQueue, type Settlement } from './queue-subscription.js';

const CLOSE_GRACE_MS = 10_000;

export interface AmqpServerOptions {
  /** Names this queue in handlers: `@EventPattern<string>(ACCESS_CHANGED_V1, transportId)`. */
  readonly transportId: symbol;
  readonly queue: ConsumedQueue;
  /** How many messages may be with handlers at once. */
  readonly prefetch: number;
  readonly logger: AmqpLogger;
}

export type AmqpServerStatus = 'SUBSCRIBED' | 'LOST' | 'CLOSED';

/** A type and not an interface, as Nest wants an index signature of it. */
export type AmqpServerEvents = {
  /**
   * The queue is being consumed, for the first time or again. Whatever is loaded from now on misses
   * nothing that is published later; what was published while the subscription was down, an
   * exclusive queue has missed.
   */
  subscribed: () => void | Promise<void>;
};

/**
 * Nest transport for one queue: event handlers of its `transportId` get the messages whose `type`
 * is their pattern.
 *
 * Handlers are called in the order of delivery without waiting for one another, up to `prefetch` at
 * once, so that a handler can gather a range and commit it in one transaction. (The order holds as
 * long as guards, pipes and interceptors in front of them do not wait for I/O.)
 *
 * A message is acknowledged when its handler's promise, or observable, has completed. If it fails
 * with a {@link PoisonMessageError} the message is dead-lettered, as it is when its body is no JSON
 * or its type has no handler. Any other failure returns it to the queue after a growing delay,
 * until the queue's delivery limit turns it into a dead letter too: a handler should sit out what
 * may last longer, such as a database that is down, by itself. An exclusive queue knows no limit
 * and no dead letters, so there the second failure drops the message.
 *
 * Delivery is at least once, and a redelivered message comes after later ones.
 */
export class AmqpServer
  extends Server<AmqpServerEvents, AmqpServerStatus>
  implements CustomTransportStrategy
{
  /** Failures decide about the message; Nest need not log those that say so. */
  override readonly propagatesEventHandlerErrors = true;

  readonly #subscribed: AmqpServerEvents['subscribed'][] = [];
  /** The present one last; earlier ones as long as their handlers run. */
  #subscriptions: QueueSubscription[] = [];
  #unregister: (() => void) | undefined;
  #lateSettlements = 0;

  constructor(
    private readonly connection: AmqpConnection,
    private readonly options: AmqpServerOptions,
  ) {
    super();
    this.setTransportId(options.transportId);
  }

  /** How often a handler finished after its channel was gone; each such message comes again. */
  get lateSettlements(): number {
    return this.#lateSettlements;
  }

  /** Begins consuming as soon as there is a connection, and does not wait for it. */
  listen(callback: () => void): void {
    this.#unregister = this.connection.onConnection((model) => this.#subscribe(model));
    callback();
  }

  /** Stops consuming and lets running handlers finish, for ten seconds at most. */
  async close(): Promise<void> {
    this.#unregister?.();
    await Promise.all(this.#subscriptions.map((each) => each.close(CLOSE_GRACE_MS)));
    this._status$.next('CLOSED');
  }

  on<Event extends keyof AmqpServerEvents>(event: Event, callback: AmqpServerEvents[Event]): void {
    if (event === 'subscribed') this.#subscribed.push(callback);
  }

  /** The connection, which is shared. */
  unwrap<T = AmqpConnection>(): T {
    return this.connection as T;
  }

  async #subscribe(model: ChannelModel): Promise<void> {
    const { queue, prefetch, logger } = this.options;
    const subscription = await QueueSubscription.open(model, {
      queue,
      prefetch,
      logger,
      handle: (message) => this.#settlementOf(message),
      onLost: (reason) => {
        if (this.#subscriptions.at(-1) === subscription) this._status$.next('LOST');
        this.connection.reset(model, reason);
      },
      onLateSettlement: () => {
        this.#lateSettlements += 1;
      },
    });
    this.#subscriptions = [...this.#subscriptions.filter((each) => !each.over), subscription];
    this._status$.next('SUBSCRIBED');
    for (const callback of this.#subscribed) void this.#announce(callback);
  }

  async #announce(callback: AmqpServerEvents['subscribed']): Promise<void> {
    try {
      await callback();
    } catch (error) {
      this.options.logger.error({ err: error }, 'a listener to an AMQP subscription failed');
    }
  }

  async #settlementOf(message: ConsumeMessage): Promise<Settlement> {
    const context = new AmqpContext(message);
    const { type, messageId, redelivered, deliveryCount } = context;
    try {
      await this.#dispatch(message, context);
      return 'ACK';
    } catch (error) {
      const fields = { err: error, type, messageId, deliveryCount };
      const poison = error instanceof PoisonMessageError;
      if (poison || (redelivered && this.options.queue.kind === 'EXCLUSIVE')) {
        this.options.logger.error(fields, 'AMQP message is given up');
        return 'REJECT';
      }
      this.options.logger.warn(fields, 'AMQP message goes back to its queue');
      return { retryInMs: backoffMs(deliveryCount) };
    }
  }

  #dispatch(message: ConsumeMessage, context: AmqpContext): Promise<void> {
    // Not by Nest's own lookup, which first takes every pattern for JSON and catches that it is none.
    const handler = this.messageHandlers.get(context.type);
    if (!handler) throw new PoisonMessageError(`no handler for messages of type "${context.type}"`);
    const body = parseJson(message.content);
    // INVARIANT: settled by the handler's own outcome. What the processing hooks return says nothing
    // about it, and a message acknowledged early is a change lost.
    return new Promise((resolve, reject) => {
      this.runWithProcessingHooks(context, (end) =>
        this.#run(handler, body, context).finally(end).then(resolve, reject),
      );
    });
  }

  async #run(handler: MessageHandler, body: unknown, context: AmqpContext): Promise<void> {
    const result = this.transformToObservable(handler(body, context));
    await lastValueFrom(result, { defaultValue: undefined });
  }
}

function parseJson(content: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch (error) {
    throw new PoisonMessageError('the body is not JSON', error);
  }
}
