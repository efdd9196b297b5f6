import { setTimeout as sleep } from 'node:timers/promises';
import { IllegalOperationError, type ChannelModel, type ConfirmChannel } from 'amqplib';
import type { AmqpConnection } from './amqp-connection.js';
import type { AmqpLogger } from './amqp-logger.js';
import { type Delivery, messageProperties, type OutgoingMessage } from './outgoing-message.js';

/**
 * A consumer of a quorum queue that is deleted and declared again within some 50 ms is never told
 * (RabbitMQ 3.10), and waits for ever. Given a moment it is told, and declares the queue itself.
 */
const REDECLARE_AFTER_MS = 1_000;

/** A queue without a leader neither confirms nor refuses. */
const CONFIRM_TIMEOUT_MS = 30_000;

/**
 * CONFIRMED: the broker holds it in every queue it is bound for. RETURNED: no queue wanted it, so
 * it is gone. NACKED: the broker would not or could not keep it. Only CONFIRMED is sent.
 */
export type PublishOutcome = 'CONFIRMED' | 'RETURNED' | 'NACKED';

/** There is no connection, or it was lost before the broker answered: publish again later. */
export class BrokerUnavailableError extends Error {
  override readonly name = 'BrokerUnavailableError';
}

export interface ConfirmedPublisherOptions {
  readonly exchange: string;
  readonly routingKey: string;
  /** CloudEvents `source`: which service speaks. */
  readonly source: string;
  /** How long an unblocked broker may leave a message unconfirmed before it is given up: 30 s. */
  readonly confirmTimeoutMs?: number;
  /**
   * DURABLE (default): persistent, and returned when no queue wants it. TRANSIENT: gone with the
   * broker, and confirmed though nobody may listen: for what is told again in another way.
   */
  readonly delivery?: Delivery;
  readonly logger: AmqpLogger;
}

interface Fate {
  returned: boolean;
  readonly timer: NodeJS.Timeout;
  readonly reject: (error: BrokerUnavailableError) => void;
}

interface OpenChannel {
  readonly model: ChannelModel;
  readonly channel: ConfirmChannel;
  readonly inFlight: Map<string, Fate>;
}

/** Publishes messages and tells truly what became of each. Keeps nothing for later. */
export class ConfirmedPublisher {
  #open: OpenChannel | undefined;
  #redeclaring = false;

  constructor(
    private readonly connection: AmqpConnection,
    private readonly options: ConfirmedPublisherOptions,
  ) {
    connection.onConnection((model) => this.#openChannel(model));
  }

  /**
   * Any number of messages may be in flight; the broker takes them in the order of the calls. The
   * caller bounds how many, and publishes nothing while the broker is BLOCKED.
   *
   * Rejects with {@link BrokerUnavailableError} when it cannot be known whether the broker has the
   * message. The same id may then be published again, but not while it is still in flight.
   */
  publish(message: OutgoingMessage): Promise<PublishOutcome> {
    const open = this.#open;
    if (!open) return Promise.reject(new BrokerUnavailableError('not connected to the broker'));
    return new Promise((resolve, reject) => {
      if (open.inFlight.has(message.id)) throw new Error(`${message.id} is already in flight`);
      this.#send(open.channel, message, (nack) => {
        clearTimeout(fate.timer);
        open.inFlight.delete(message.id);
        // INVARIANT: a returned message is acked as well; only its return tells that it is gone.
        resolve(nack ? 'NACKED' : fate.returned ? 'RETURNED' : 'CONFIRMED');
      });
      const timer = setTimeout(() => {
        if (this.connection.blocked) timer.refresh();
        else this.#abandon(open, 'the broker does not confirm');
      }, this.options.confirmTimeoutMs ?? CONFIRM_TIMEOUT_MS);
      const fate: Fate = { returned: false, timer, reject };
      open.inFlight.set(message.id, fate);
    });
  }

  #send(channel: ConfirmChannel, message: OutgoingMessage, settle: (nack: unknown) => void): void {
    const { exchange, routingKey, source, delivery = 'DURABLE' } = this.options;
    const properties = messageProperties(message, source, delivery);
    try {
      channel.publish(exchange, routingKey, Buffer.from(message.body), properties, settle);
    } catch (error) {
      if (!(error instanceof IllegalOperationError)) throw error;
      throw new BrokerUnavailableError('the connection is closing', { cause: error });
    }
  }

  async #openChannel(model: ChannelModel): Promise<void> {
    const channel = await model.createConfirmChannel();
    const open: OpenChannel = { model, channel, inFlight: new Map() };
    channel.on('error', (error) => {
      this.options.logger.error({ err: error }, 'AMQP publishing channel failed');
    });
    // Before amqplib's own listener, to which a lost connection looks like a nack of each message.
    channel.prependListener('close', () => this.#abandon(open, 'publishing channel closed'));
    channel.on('return', (message) => {
      const fate = open.inFlight.get(message.properties.messageId as string);
      if (fate) fate.returned = true;
      void this.#restoreRoute();
    });
    this.#open = open;
  }

  /** Gives up a channel and what is in flight on it, of which nobody knows what became. */
  #abandon(open: OpenChannel, reason: string): void {
    if (this.#open === open) this.#open = undefined;
    for (const { timer, reject } of open.inFlight.values()) {
      clearTimeout(timer);
      reject(new BrokerUnavailableError(`not confirmed: ${reason}`));
    }
    open.inFlight.clear();
    this.connection.reset(open.model, reason);
  }

  /** No queue wanted a message: somebody deleted one, or its binding. Declare them again. */
  async #restoreRoute(): Promise<void> {
    if (this.#redeclaring) return;
    this.#redeclaring = true;
    const { logger } = this.options;
    logger.warn({}, 'AMQP message was unroutable, the topology will be declared again');
    try {
      await sleep(REDECLARE_AFTER_MS, undefined, { ref: false });
      await this.connection.redeclare();
    } catch (error) {
      logger.error({ err: error }, 'AMQP topology could not be declared');
    } finally {
      this.#redeclaring = false;
    }
  }
}
