import type { Channel } from 'amqplib';
import {
  accessChangedMessage,
  PoisonMessageError,
  type AmqpConnection,
  type AmqpContext,
  type ConfirmedPublisher,
} from '../src/amqp/index.js';
import { AmqpHarness, change, eventually, gate, sever, testBrokerUrl } from './amqp-harness.js';
import { PROJECTION, REPLICA, startListener, type Handle } from './amqp-listener.js';

describe('consuming', () => {
  let harness: AmqpHarness;
  let publisher: ConfirmedPublisher;
  let admin: Channel;

  beforeEach(async () => {
    harness = new AmqpHarness(testBrokerUrl());
    publisher = await harness.connectedPublisher();
    admin = await harness.admin();
  });
  afterEach(() => harness.dispose());

  async function publish(...revisions: number[]): Promise<void> {
    const outcomes = await Promise.all(
      revisions.map((revision) => publisher.publish(accessChangedMessage(change(revision)))),
    );
    expect(new Set(outcomes)).toEqual(new Set(['CONFIRMED']));
  }

  async function projection(handle: Handle, connection: AmqpConnection = harness.connection()) {
    const queue = { kind: 'SHARED', name: harness.topology.projectionQueue } as const;
    const options = { transportId: PROJECTION, queue };
    const listener = await startListener(connection, options, { projection: handle });
    harness.onDispose(listener.close);
    await harness.open(connection);
    return listener;
  }

  async function replica(
    handle: Handle,
    onSubscribed: () => void,
    connection: AmqpConnection = harness.connection(),
    prefetch = 500,
  ) {
    const { exchange, routingKey } = harness.topology;
    const queue = { kind: 'EXCLUSIVE', exchange, routingKey } as const;
    const options = { transportId: REPLICA, queue, prefetch };
    const listener = await startListener(connection, options, { replica: handle }, onSubscribed);
    harness.onDispose(listener.close);
    await harness.open(connection);
    return listener;
  }

  /** Closes a listener and counts what it left in its queue: what it never acknowledged. */
  async function leftBy(listener: { close(): Promise<void> }): Promise<number> {
    await listener.close();
    return harness.waiting(admin, harness.topology.projectionQueue);
  }

  const deadLetters = () => harness.take(admin, harness.topology.deadLetterQueue, 1);

  it('hands over the body and what is known of the message', async () => {
    const seen: { body: unknown; context: AmqpContext }[] = [];
    await projection(async (body, context) => void seen.push({ body, context }));

    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await publisher.publish(accessChangedMessage(change(1), traceparent));
    await eventually(() => seen.length === 1);

    expect(seen[0]?.body).toEqual(change(1));
    expect(seen[0]?.context).toMatchObject({
      type: 'access-changed.v1',
      messageId: 'acme/1/1',
      redelivered: false,
      deliveryCount: 0,
      traceparent,
      headers: { cloudEvents_subject: 'acme' },
    });
  });

  it('calls handlers in the order of publishing, up to the prefetch at once', async () => {
    const started: number[] = [];
    const release = gate();
    const listener = await projection(async (body) => {
      started.push(body.revision);
      await release.opened;
    });
    const revisions = Array.from({ length: 1_000 }, (_, index) => index + 1);

    await publish(...revisions);
    await eventually(() => started.length >= 500);
    expect(started).toEqual(revisions.slice(0, 500));

    release.open();
    await eventually(() => started.length >= 1_000);
    expect(started).toEqual(revisions);
    expect(await leftBy(listener)).toBe(0);
  });

  it('acknowledges no message before its handler is done', async () => {
    const { proxy, url } = await harness.proxy();
    const deliveries: AmqpContext[] = [];
    const slow = gate();
    const connection = harness.connection(url);
    const listener = await projection(async (_body, context) => {
      deliveries.push(context);
      if (deliveries.length === 1) await slow.opened;
    }, connection);

    await publish(1);
    await eventually(() => deliveries.length === 1);
    await sever(proxy);
    await eventually(() => deliveries.length === 2);

    expect(deliveries[1]).toMatchObject({ messageId: 'acme/1/1', redelivered: true });
    slow.open();
    await eventually(() => listener.server.lateSettlements === 1);
    expect(await leftBy(listener)).toBe(0);
  });

  it('lets running handlers finish, and keeps what they did, when it closes', async () => {
    const running = gate();
    const slow = gate();
    const listener = await projection(async () => {
      running.open();
      await slow.opened;
    });
    await publish(1);
    await running.opened;

    const left = leftBy(listener);
    await publish(2);
    slow.open();

    expect(await left).toBe(1);
  });

  it('delivers again when the handler fails', async () => {
    const counts: number[] = [];
    const listener = await projection(async (_body, context) => {
      counts.push(context.deliveryCount);
      if (counts.length < 3) throw new Error('passing trouble');
    });

    await publish(1);
    await eventually(() => counts.length === 3);

    expect(counts).toEqual([0, 1, 2]);
    expect(await leftBy(listener)).toBe(0);
    expect(await harness.waiting(admin, harness.topology.deadLetterQueue)).toBe(0);
  });

  it('dead-letters a poison message at the first failure, and goes on with the next', async () => {
    const handled: number[] = [];
    const listener = await projection(async (body) => {
      handled.push(body.revision);
      if (body.revision === 1) throw new PoisonMessageError('never valid');
    });

    await publish(1, 2);
    const [dead] = await deadLetters();
    await eventually(() => handled.length === 2);

    expect(dead?.properties.messageId).toBe('acme/1/1');
    expect(dead?.properties.headers?.['x-death']?.[0]).toMatchObject({
      reason: 'rejected',
      count: 1,
    });
    expect(handled).toEqual([1, 2]);
    expect(await leftBy(listener)).toBe(0);
  });

  it.each([
    ['whose body is no JSON', '{', 'access-changed.v1'],
    ['whose body is no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'access-changed.v1'],
    ['of a type that has no handler', '{}', 'access-changed.v99'],
    ['without a type', '{}', undefined],
  ])('dead-letters a message %s', async (_case, body, type) => {
    const handled: unknown[] = [];
    await projection(async (body) => void handled.push(body));
    const { exchange, routingKey } = harness.topology;

    admin.publish(exchange, routingKey, Buffer.from(body), { type, messageId: 'strange' });

    const [dead] = await deadLetters();
    expect(dead?.properties.messageId).toBe('strange');
    expect(handled).toEqual([]);
  });

  it('lets one consumer work at a time, and another take over from it', async () => {
    const first: number[] = [];
    const second: number[] = [];
    const active = await projection(async (body) => void first.push(body.revision));
    await projection(async (body) => void second.push(body.revision));

    await publish(1, 2, 3);
    await eventually(() => first.length === 3);
    await active.close();
    await publish(4, 5, 6);
    await eventually(() => second.length === 3);

    expect(first).toEqual([1, 2, 3]);
    expect(second).toEqual([4, 5, 6]);
  });

  it('subscribes again after its queue was deleted', async () => {
    const handled: number[] = [];
    await projection(async (body) => void handled.push(body.revision));

    await admin.deleteQueue(harness.topology.projectionQueue);
    await eventually(async () => {
      const outcome = publisher.publish(accessChangedMessage(change(1)));
      return (await outcome) === 'CONFIRMED' && handled.length > 0;
    });

    expect(new Set(handled)).toEqual(new Set([1]));
  });

  it('gives every exclusive queue every message, beside the shared one', async () => {
    const seen: [string, number][] = [];
    await replica(
      async (body) => void seen.push(['a', body.revision]),
      () => undefined,
    );
    await replica(
      async (body) => void seen.push(['b', body.revision]),
      () => undefined,
    );
    await projection(async (body) => void seen.push(['projection', body.revision]));

    await publish(1, 2);
    await eventually(() => seen.length === 6);

    expect(seen.filter(([who]) => who === 'a')).toEqual([
      ['a', 1],
      ['a', 2],
    ]);
    expect(seen.filter(([who]) => who === 'b')).toEqual([
      ['b', 1],
      ['b', 2],
    ]);
  });

  it('announces every subscription of an exclusive queue, which misses what came between', async () => {
    const { proxy, url } = await harness.proxy();
    const seen: number[] = [];
    const handle: Handle = async (body) => void seen.push(body.revision);
    let subscriptions = 0;
    await replica(handle, () => (subscriptions += 1), harness.connection(url));
    await eventually(() => subscriptions === 1);

    await publish(1);
    await eventually(() => seen.length === 1);
    await sever(proxy);
    await eventually(() => subscriptions === 2);
    await publish(2);
    await eventually(() => seen.length === 2);

    expect(seen).toEqual([1, 2]);
  });

  it('drops a message of an exclusive queue that fails twice', async () => {
    const deliveries: [number, boolean][] = [];
    const handle: Handle = async (body, context) => {
      deliveries.push([body.revision, context.redelivered]);
      if (body.revision === 1) throw new Error('always');
    };
    // One at a time: the second message comes when the first is done with.
    await replica(handle, () => undefined, harness.connection(), 1);

    await publish(1, 2);
    await eventually(() => deliveries.some(([revision]) => revision === 2));

    expect(deliveries).toEqual([
      [1, false],
      [1, true],
      [2, false],
    ]);
  });

  it('starts without a broker', async () => {
    const nobody = harness.connection('amqp://127.0.0.1:1');
    nobody.open();
    const queue = { kind: 'SHARED', name: harness.topology.projectionQueue } as const;

    const listener = await startListener(nobody, { transportId: PROJECTION, queue }, {});

    expect(nobody.connected).toBe(false);
    await listener.close();
  });
});
