/**
 * The broker's exchanges and queues, declared alike by publisher and consumer, so that whichever
 * service comes up first leaves nothing unroutable.
 *
 * `namespace` keeps several installations (or test runs) apart on one broker.
 */
export interface AmqpTopology {
  readonly exchange: string;
  readonly deadLetterExchange: string;
  /** Shared by all gatekeeper replicas, one of them active: it writes the projection. */
  readonly projectionQueue: string;
  readonly deadLetterQueue: string;
  readonly routingKey: string;
  /** The way back: what consumers have applied. Every process of the owner binds a queue of its own. */
  readonly appliedExchange: string;
  readonly appliedRoutingKey: string;
}

/** How often a message may be redelivered before it is dead-lettered. */
export const DELIVERY_LIMIT = 20;

export function amqpTopology(namespace: string): AmqpTopology {
  return {
    exchange: `${namespace}.access-changes`,
    deadLetterExchange: `${namespace}.access-changes.dead`,
    projectionQueue: `${namespace}.gatekeeper.projection`,
    deadLetterQueue: `${namespace}.gatekeeper.projection.dead`,
    routingKey: 'access-changed.v1',
    appliedExchange: `${namespace}.access-applied`,
    appliedRoutingKey: 'access-applied.v1',
  };
}

/** Arguments of the projection queue (RabbitMQ 3.10: all of these are known to it). */
export function projectionQueueArguments(
  topology: AmqpTopology,
): Record<string, string | number | boolean> {
  return {
    'x-queue-type': 'quorum',
    'x-single-active-consumer': true,
    'x-delivery-limit': DELIVERY_LIMIT,
    'x-dead-letter-exchange': topology.deadLetterExchange,
    'x-dead-letter-strategy': 'at-least-once',
    // At-least-once dead lettering needs it: rather refuse a publish than drop the oldest message.
    'x-overflow': 'reject-publish',
  };
}

export const deadLetterQueueArguments = { 'x-queue-type': 'quorum' } as const;
