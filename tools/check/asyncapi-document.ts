import {
  ACCESS_APPLIED_V1,
  ACCESS_CHANGED_V1,
  amqpTopology,
  deadLetterQueueArguments,
  MESSAGE_CATALOGUE,
  projectionQueueArguments,
  type MessageContract,
} from '@bastion/contracts';
import { cloudEventHeaders } from './cloud-event-headers.js';
import { jsonSchemaFile } from './event-json-schemas.js';

/** What AMQP_NAMESPACE is when nobody names another. */
const topology = amqpTopology('bastion');

const VERSION = { bindingVersion: '0.3.0' } as const;

/**
 * The broker's side as an AsyncAPI 3.0 document. Exchanges are the channels that are sent to, queues
 * the channels that are received from; fields in `x-` say what AsyncAPI has no words for.
 */
export function asyncApiDocument(): unknown {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Bastion: what changed, and how far it is applied',
      version: '1',
      license: { name: 'Apache-2.0' },
      description:
        'Generated from libs/contracts by `npm run generate`. The names of exchanges and queues begin with AMQP_NAMESPACE, which is `bastion` unless set. How these messages may change: docs/technical/event-contracts.md.',
    },
    defaultContentType: 'application/json',
    channels: { ...changedChannels(), ...appliedChannels() },
    operations: { ...changedOperations(), ...appliedOperations() },
    components: {
      messages: Object.fromEntries(MESSAGE_CATALOGUE.map((each) => [each.name, message(each)])),
    },
  };
}

function message({ name, description }: MessageContract): unknown {
  return {
    name,
    title: name,
    description,
    contentType: 'application/json',
    headers: cloudEventHeaders(name),
    payload: {
      schemaFormat: 'application/schema+json;version=draft-2020-12',
      schema: { $ref: `./${jsonSchemaFile(name)}` },
    },
    bindings: { amqp: { messageType: name, ...VERSION } },
  };
}

function changedChannels(): Record<string, unknown> {
  const messages = carried(ACCESS_CHANGED_V1);
  return {
    accessChanges: exchange(topology.exchange, 'topic', {
      address: topology.routingKey,
      description: 'Where the owner publishes; every queue below is bound to it.',
      messages,
    }),
    projectionQueue: queue(topology.projectionQueue, projectionQueueArguments(topology), {
      description:
        'Shared by all replicas of gatekeeper, one of them active: it writes the projection.',
      messages,
      'x-bound-to': { exchange: topology.exchange, routingKey: topology.routingKey },
    }),
    replicaQueue: processQueue({
      description: 'One for each replica of gatekeeper, as long as it is connected.',
      messages,
      'x-bound-to': { exchange: topology.exchange, routingKey: topology.routingKey },
    }),
    deadLetters: exchange(topology.deadLetterExchange, 'fanout', {
      address: null,
      description: 'Where the broker puts what the projection queue gives up on.',
      messages,
    }),
    deadLetterQueue: queue(topology.deadLetterQueue, deadLetterQueueArguments, {
      description:
        'Kept for operators. Sending one to the projection queue again is safe: what is known already is dropped.',
      messages,
      'x-bound-to': { exchange: topology.deadLetterExchange },
    }),
  };
}

function appliedChannels(): Record<string, unknown> {
  const messages = carried(ACCESS_APPLIED_V1);
  return {
    accessApplied: exchange(topology.appliedExchange, 'topic', {
      address: topology.appliedRoutingKey,
      description: 'Where consumers say how far they are.',
      messages,
    }),
    ownerQueue: processQueue({
      description: 'One for each process of node-scope-management, as long as it is connected.',
      messages,
      'x-bound-to': { exchange: topology.appliedExchange, routingKey: topology.appliedRoutingKey },
    }),
  };
}

function changedOperations(): Record<string, unknown> {
  return {
    publishAccessChanged: send('node-scope-management', 'accessChanges', ACCESS_CHANGED_V1, {
      summary: 'In the order of the commits; sent only when confirmed and not returned.',
      delivery: 'DURABLE',
    }),
    projectAccessChanged: receive('gatekeeper', 'projectionQueue', ACCESS_CHANGED_V1, {
      summary: 'Acknowledged when it is in the projection, or is known to be needless there.',
    }),
    enforceAccessChanged: receive('gatekeeper', 'replicaQueue', ACCESS_CHANGED_V1, {
      summary: 'Applied to the snapshot in memory when it is exactly the next revision.',
    }),
  };
}

function appliedOperations(): Record<string, unknown> {
  return {
    publishAccessApplied: send('gatekeeper', 'accessApplied', ACCESS_APPLIED_V1, {
      summary:
        'Soon after a position changed; lost ones are told again with the next heads request.',
      delivery: 'TRANSIENT',
    }),
    noteAccessApplied: receive('node-scope-management', 'ownerQueue', ACCESS_APPLIED_V1, {
      summary: 'Lets a write wait until it is enforced everywhere, and old messages be dropped.',
    }),
  };
}

function exchange(name: string, type: 'topic' | 'fanout', channel: object): unknown {
  return {
    ...channel,
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { name, type, durable: true, autoDelete: false },
        ...VERSION,
      },
    },
  };
}

function queue(name: string, queueArguments: object, channel: object): unknown {
  return {
    address: name,
    ...channel,
    bindings: {
      amqp: {
        is: 'queue',
        queue: { name, durable: true, exclusive: false, autoDelete: false },
        'x-arguments': queueArguments,
        ...VERSION,
      },
    },
  };
}

/** A queue of one process, named by the broker and gone with the connection. */
function processQueue(channel: object): unknown {
  return {
    address: null,
    ...channel,
    bindings: {
      amqp: {
        is: 'queue',
        queue: { durable: false, exclusive: true, autoDelete: true },
        ...VERSION,
      },
    },
  };
}

function send(
  service: MessageContract['from'],
  channel: string,
  name: string,
  { summary, delivery }: { summary: string; delivery: 'DURABLE' | 'TRANSIENT' },
): unknown {
  const fate =
    delivery === 'DURABLE'
      ? { deliveryMode: 2, mandatory: true }
      : { deliveryMode: 1, mandatory: false };
  return {
    action: 'send',
    ...operation(service, channel, name, summary),
    bindings: { amqp: { ...fate, timestamp: true, ...VERSION } },
  };
}

function receive(
  service: MessageContract['to'],
  channel: string,
  name: string,
  { summary }: { summary: string },
): unknown {
  return {
    action: 'receive',
    ...operation(service, channel, name, summary),
    bindings: { amqp: { ack: true, ...VERSION } },
  };
}

function operation(service: string, channel: string, name: string, summary: string): object {
  return {
    channel: { $ref: `#/channels/${channel}` },
    summary,
    messages: [{ $ref: `#/channels/${channel}/messages/${name}` }],
    'x-service': service,
  };
}

const carried = (name: string) => ({ [name]: { $ref: `#/components/messages/${name}` } });
