import { amqpTopology } from '@bastion/contracts';
import {
  AmqpConnection,
  type AmqpLogger,
  AmqpServer,
  declareTopology,
} from '@bastion/platform/amqp';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { AmqpConfig } from '../config/amqp.config.js';

/** The transport of this process's own queue of acknowledgements. */
export const APPLIED_QUEUE = Symbol('APPLIED_QUEUE');

/** Noted in memory as they come: more would only lie about. */
const PREFETCH = 500;

/**
 * The connection over which consumers say what they have applied. Every process of the owner hears all
 * of it, as any of them may have somebody waiting. Without a broker there is none: consumers say the
 * same when they ask for heads.
 */
export class AppliedBroker implements OnApplicationShutdown {
  /** To be connected to the app. */
  readonly servers: readonly AmqpServer[];
  private readonly connection: AmqpConnection | undefined;

  constructor({ url, namespace }: AmqpConfig, logger: AmqpLogger) {
    if (!url) {
      this.servers = [];
      return;
    }
    const topology = amqpTopology(namespace);
    const connection = new AmqpConnection({
      url,
      name: `node-scope-management (${namespace})`,
      declare: (channel) => declareTopology(channel, topology),
      logger,
    });
    const { appliedExchange: exchange, appliedRoutingKey: routingKey } = topology;
    const server = new AmqpServer(connection, {
      transportId: APPLIED_QUEUE,
      queue: { kind: 'EXCLUSIVE', exchange, routingKey },
      prefetch: PREFETCH,
      logger,
    });
    this.connection = connection;
    this.servers = [server];
  }

  /** Begins connecting, without waiting for the broker. */
  open(): void {
    this.connection?.open();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection?.close();
  }
}
