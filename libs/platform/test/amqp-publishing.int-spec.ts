import { setTimeout } from 'node:timers/promises';
import { ACCESS_CHANGED_V1 } from '@bastion/contracts';
import type { ConsumeMessage } from 'amqplib';
import {
  accessChangedMessage,
  BrokerUnavailableError,
  type AmqpStatus,
} from '../src/amqp/index.js';
import { AmqpHarness, change, eventually, testBrokerUrl } from './amqp-harness.js';
import { sendBlocked, sendUnblocked } from './blocked-broker.js';

function bodyOf(message: ConsumeMessage | undefined): unknown {
  return JSON.parse(message?.content.toString() ?? 'null');
}

describe('publishing with confirms', () => {
  let harness: AmqpHarness;

  beforeEach(() => {
    harness = new AmqpHarness(testBrokerUrl());
  });
  afterEach(() => harness.dispose());

  it('confirms a message once its queue holds it, with CloudEvents attributes', async () => {
    const publisher = await harness.connectedPublisher();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

    expect(await publisher.publish(accessChangedMessage(change(7), traceparent))).toBe('CONFIRMED');

    const admin = await harness.admin();
    const [message] = await harness.take(admin, harness.topology.projectionQueue, 1);
    expect(bodyOf(message)).toEqual(change(7));
    expect(message?.properties).toMatchObject({
      contentType: 'application/json',
      deliveryMode: 2,
      messageId: 'acme/1/7',
      type: ACCESS_CHANGED_V1,
      timestamp: Date.UTC(2026, 0, 1) / 1_000,
      headers: {
        cloudEvents_specversion: '1.0',
        cloudEvents_id: 'acme/1/7',
        cloudEvents_source: 'test',
        cloudEvents_type: ACCESS_CHANGED_V1,
        cloudEvents_subject: 'acme',
        cloudEvents_time: '2026-01-01T00:00:00.007Z',
        traceparent,
      },
    });
  });

  it('keeps the order of the calls however many are in flight', async () => {
    const publisher = await harness.connectedPublisher();
    const revisions = Array.from({ length: 300 }, (_, index) => index + 1);

    const outcomes = await Promise.all(
      revisions.map((revision) => publisher.publish(accessChangedMessage(change(revision)))),
    );

    expect(new Set(outcomes)).toEqual(new Set(['CONFIRMED']));
    const admin = await harness.admin();
    const stored = await harness.take(admin, harness.topology.projectionQueue, revisions.length);
    expect(stored.map(bodyOf)).toEqual(revisions.map((revision) => change(revision)));
  });

  it('tells a returned message from a confirmed one, and restores the route', async () => {
    const publisher = await harness.connectedPublisher();
    const admin = await harness.admin();
    await admin.deleteQueue(harness.topology.projectionQueue);

    expect(await publisher.publish(accessChangedMessage(change(1)))).toBe('RETURNED');

    let revision = 1;
    await eventually(async () => {
      revision += 1;
      return (await publisher.publish(accessChangedMessage(change(revision)))) === 'CONFIRMED';
    });
    expect(await harness.waiting(admin, harness.topology.projectionQueue)).toBe(1);
  });

  it('says NACKED when the queue refuses the message', async () => {
    const { exchange, projectionQueue, routingKey } = harness.topology;
    const publisher = await harness.connectedPublisher();
    const admin = await harness.admin();
    await admin.unbindQueue(projectionQueue, exchange, routingKey);
    const { queue } = await admin.assertQueue('', {
      exclusive: true,
      maxLength: 1,
      overflow: 'reject-publish',
    });
    await admin.bindQueue(queue, exchange, routingKey);

    expect(await publisher.publish(accessChangedMessage(change(1)))).toBe('CONFIRMED');
    expect(await publisher.publish(accessChangedMessage(change(2)))).toBe('NACKED');
  });

  it('rejects at once while there is no connection', async () => {
    const publisher = harness.publisher(harness.connection());

    await expect(publisher.publish(accessChangedMessage(change(1)))).rejects.toThrow(
      BrokerUnavailableError,
    );
  });

  it('rejects what is in flight when the connection is lost, and publishes again after', async () => {
    const { proxy, url } = await harness.proxy();
    const connection = harness.connection(url);
    const publisher = harness.publisher(connection);
    await harness.open(connection);
    expect(await publisher.publish(accessChangedMessage(change(1)))).toBe('CONFIRMED');

    const inFlight = publisher.publish(accessChangedMessage(change(2)));
    const lost = expect(inFlight).rejects.toThrow(BrokerUnavailableError);
    await proxy.inject({ kind: 'RESET' });

    await lost;
    expect(connection.connected).toBe(false);
    await proxy.heal();
    await connection.whenConnected();
    expect(await publisher.publish(accessChangedMessage(change(2)))).toBe('CONFIRMED');
  });

  it('gives a connection up on which nothing is confirmed any more', async () => {
    const { proxy, url } = await harness.proxy();
    const connection = harness.connection(url);
    const publisher = harness.publisher(connection, 50);
    await harness.open(connection);

    await proxy.inject({ kind: 'BLACKHOLE' });

    await expect(publisher.publish(accessChangedMessage(change(1)))).rejects.toThrow(
      BrokerUnavailableError,
    );
    await eventually(() => !connection.connected);
    // Closing it is not answered either, and waited for only so long.
    await eventually(() => proxy.accepted === 2);
    await proxy.heal();
    await eventually(async () => {
      await connection.whenConnected();
      const outcome = publisher.publish(accessChangedMessage(change(2)));
      return (await outcome.catch(() => 'UNAVAILABLE')) === 'CONFIRMED';
    });
  }, 40_000);

  it('keeps waiting for its confirm while the broker is blocked', async () => {
    const { proxy, url } = await harness.proxy();
    const connection = harness.connection(url);
    const statuses: AmqpStatus[] = [];
    connection.status.subscribe((status) => statuses.push(status));
    const publisher = harness.publisher(connection, 20);
    await harness.open(connection);

    sendBlocked(proxy);
    await eventually(() => statuses.at(-1) === 'BLOCKED');
    await proxy.inject({ kind: 'BLACKHOLE' });
    const outcome = publisher.publish(accessChangedMessage(change(1)));
    // Long enough for a connection to be given up, were it not blocked.
    await setTimeout(200);
    await proxy.heal();

    expect(await outcome).toBe('CONFIRMED');
    sendUnblocked(proxy);
    await eventually(() => statuses.at(-1) === 'CONNECTED');
    expect(statuses).toEqual(['DISCONNECTED', 'CONNECTED', 'BLOCKED', 'CONNECTED']);
  });

  it('recovers when the broker closes its channel', async () => {
    const { exchange, projectionQueue } = harness.topology;
    const connection = harness.connection();
    const publisher = harness.publisher(connection);
    await harness.open(connection);
    const admin = await harness.admin();
    // Publishing to an exchange that is not there is a channel error.
    await admin.deleteExchange(exchange);

    await expect(publisher.publish(accessChangedMessage(change(1)))).rejects.toThrow(
      BrokerUnavailableError,
    );

    await eventually(async () => {
      await connection.whenConnected();
      const outcome = publisher.publish(accessChangedMessage(change(1)));
      return (await outcome.catch(() => 'UNAVAILABLE')) === 'CONFIRMED';
    });
    expect(await harness.waiting(admin, projectionQueue)).toBe(1);
  });

  it('refuses an id that is still in flight', async () => {
    const publisher = await harness.connectedPublisher();

    const first = publisher.publish(accessChangedMessage(change(1)));

    await expect(publisher.publish(accessChangedMessage(change(1)))).rejects.toThrow(/in flight/);
    expect(await first).toBe('CONFIRMED');
  });
});
