import {
  deadLetterQueueArguments,
  projectionQueueArguments,
  type AmqpTopology,
} from '@bastion/contracts';
import type { Channel } from 'amqplib';

/**
 * Declares the exchanges, queues and bindings of `topology`; repeating it changes nothing.
 * Publisher and consumer both run it on every connection, so that a broker started empty, or a
 * queue deleted by hand, is whole again without either waiting for the other.
 *
 * Rejects when one of them exists with other properties (406 PRECONDITION_FAILED).
 */
export async function declareTopology(channel: Channel, topology: AmqpTopology): Promise<void> {
  // The dead-letter side comes first: a queue never exists without a place for what it gives up on.
  await channel.assertExchange(topology.deadLetterExchange, 'fanout', { durable: true });
  await channel.assertQueue(topology.deadLetterQueue, {
    durable: true,
    arguments: deadLetterQueueArguments,
  });
  await channel.bindQueue(topology.deadLetterQueue, topology.deadLetterExchange, '');

  await channel.assertExchange(topology.appliedExchange, 'topic', { durable: true });
  await channel.assertExchange(topology.exchange, 'topic', { durable: true });
  await channel.assertQueue(topology.projectionQueue, {
    durable: true,
    arguments: projectionQueueArguments(topology),
  });
  await channel.bindQueue(topology.projectionQueue, topology.exchange, topology.routingKey);
}
