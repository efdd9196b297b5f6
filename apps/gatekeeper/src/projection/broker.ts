import { amqpTopology } from '@bastion/contracts';
import {
  AmqpConnection,
  AmqpServer,
  ConfirmedPublisher,
  declareTopology,
  type AmqpLogger,
} from '@bastion/platform/amqp';
import type { AmqpConfig } from '../config/amqp.config.js';
import { PROJECTION_QUEUE, REPLICA_QUEUE } from './queues.js';

/** Enough that ranges fill up while a transaction runs. */
const PROJECTION_PREFETCH = 3_000;
/** Applied in memory as they come: more would only lie about. */
const REPLICA_PREFETCH = 500;

/**
 * The connection to the broker and the two queues consumed over it. Where no broker is configured
 * there are none: the owner is polled all the same, and nothing else changes.
 */
export class Broker {
  /** To be connected to the app: the shared queue, and this replica's own. */
  readonly servers: readonly AmqpServer[];
  /** Tells the owner what was applied; undefined without a broker. */
  readonly applied: ConfirmedPublisher | undefined;
  readonly #connection: AmqpConnection | undefined;

  /** `resubscribed` is called whenever this replica's own queue may have missed messages. */
  constructor(
    { url, namespace }: AmqpConfig,
    logger: AmqpLogger,
    resubscribed: () => Promise<void>,
  ) {
    if (!url) {
      this.servers = [];
      return;
    }
    const topology = amqpTopology(namespace);
    const connection = new AmqpConnection({
      url,
      name: `gatekeeper (${namespace})`,
      declare: (channel) => declareTopology(channel, topology),
      logger,
    });
    const shared = new AmqpServer(connection, {
      transportId: PROJECTION_QUEUE,
      queue: { kind: 'SHARED', name: topology.projectionQueue },
      prefetch: PROJECTION_PREFETCH,
      logger,
    });
    const { exchange, routingKey, appliedExchange, appliedRoutingKey } = topology;
    this.applied = new ConfirmedPublisher(connection, {
      exchange: appliedExchange,
      routingKey: appliedRoutingKey,
      source: '/gatekeeper',
      delivery: 'TRANSIENT',
      logger,
    });
    const own = new AmqpServer(connection, {
      transportId: REPLICA_QUEUE,
      queue: { kind: 'EXCLUSIVE', exchange, routingKey },
      prefetch: REPLICA_PREFETCH,
      logger,
    });
    own.on('subscribed', resubscribed);
    this.#connection = connection;
    this.servers = [shared, own];
  }

  /** Begins connecting, without waiting for the broker. */
  open(): void {
    this.#connection?.open();
  }

  /** Ends the connection; the servers are closed before, by the app. */
  async close(): Promise<void> {
    await this.#connection?.close();
  }
}
