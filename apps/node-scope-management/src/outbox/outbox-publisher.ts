import { type AccessChangedV1, amqpTopology } from '@bastion/contracts';
import type { Secret } from '@bastion/platform';
import {
  accessChangedMessage,
  AmqpConnection,
  type AmqpLogger,
  BrokerUnavailableError,
  ConfirmedPublisher,
  declareTopology,
} from '@bastion/platform/amqp';
import { distinctUntilChanged, map, type Observable } from 'rxjs';
import type { UnsentMessage } from './relay-term.js';
import type { PublishFate } from './tenant-lane.js';

/** The broker as the relay uses it. */
export class OutboxPublisher {
  private readonly connection: AmqpConnection;
  private readonly publisher: ConfirmedPublisher;

  constructor(
    { url, namespace }: { readonly url: Secret; readonly namespace: string },
    private readonly logger: AmqpLogger,
  ) {
    const topology = amqpTopology(namespace);
    this.connection = new AmqpConnection({
      url,
      name: 'node-scope-management relay',
      declare: (channel) => declareTopology(channel, topology),
      logger,
    });
    const { exchange, routingKey } = topology;
    const source = '/node-scope-management';
    this.publisher = new ConfirmedPublisher(this.connection, {
      exchange,
      routingKey,
      source,
      logger,
    });
  }

  /** Begins connecting; the broker may come up later. */
  open(): void {
    this.connection.open();
  }

  /** Whether the broker takes messages now, then every change of that. */
  get ready(): Observable<boolean> {
    return this.connection.status.pipe(
      map((status) => status === 'CONNECTED'),
      distinctUntilChanged(),
    );
  }

  /** Never rejects: whatever is not known to have arrived is LOST, and published again. */
  async publish(message: UnsentMessage): Promise<PublishFate> {
    try {
      return await this.publisher.publish(accessChangedMessage(message.body as AccessChangedV1));
    } catch (error) {
      if (!(error instanceof BrokerUnavailableError)) {
        const { tenantId, epoch, revision } = message;
        this.logger.error({ err: error, tenantId, epoch, revision }, 'Publishing failed');
      }
      return 'LOST';
    }
  }

  async close(): Promise<void> {
    await this.connection.close();
  }
}
