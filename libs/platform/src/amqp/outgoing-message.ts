import { ACCESS_CHANGED_V1, type AccessChangedV1 } from '@bastion/contracts';
import type { Options } from 'amqplib';

/** Whether a message outlives the broker, and whether it must have a queue to go to. */
export type Delivery = 'DURABLE' | 'TRANSIENT';

export interface OutgoingMessage {
  /** Unique at its source and the same on every retry: what a receiver recognises duplicates by. */
  readonly id: string;
  /** Name and version of what the body is, e.g. `access-changed.v1`. */
  readonly type: string;
  /** What it is about: the tenant's id. */
  readonly subject: string;
  /** When it happened, epoch milliseconds. */
  readonly time: number;
  /** JSON text. */
  readonly body: string;
  /** W3C Trace Context of the request that caused it. */
  readonly traceparent?: string;
}

/** A committed change set as it is published; its id is `tenant/epoch/revision`. */
export function accessChangedMessage(
  change: AccessChangedV1,
  traceparent?: string,
): OutgoingMessage {
  return {
    id: `${change.tenantId}/${change.epoch}/${change.revision}`,
    type: ACCESS_CHANGED_V1,
    subject: change.tenantId,
    time: change.committedAt,
    body: JSON.stringify(change),
    traceparent,
  };
}

/**
 * AMQP properties of a message in CloudEvents' binary mode: the body is the data itself, the
 * attributes are headers (CloudEvents 1.0.2, AMQP Protocol Binding, section 3.2, with the
 * `cloudEvents_` prefix, since not every client can name a header with a colon).
 */
export function messageProperties(
  message: OutgoingMessage,
  source: string,
  delivery: Delivery,
): Options.Publish {
  const isDurable = delivery === 'DURABLE';
  return {
    contentType: 'application/json',
    messageId: message.id,
    type: message.type,
    timestamp: Math.floor(message.time / 1_000),
    persistent: isDurable,
    mandatory: isDurable,
    headers: {
      cloudEvents_specversion: '1.0',
      cloudEvents_id: message.id,
      cloudEvents_source: source,
      cloudEvents_type: message.type,
      cloudEvents_subject: message.subject,
      cloudEvents_time: new Date(message.time).toISOString(),
      ...(message.traceparent === undefined ? {} : { traceparent: message.traceparent }),
    },
  };
}
