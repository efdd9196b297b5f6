import { once } from 'node:events';
import { connect as connectTcp, createServer, type AddressInfo } from 'node:net';
import { deadLetterQueueArguments } from '@bastion/contracts';
import type { Channel, Options } from 'amqplib';
import {
  accessChangedMessage,
  BrokerUnavailableError,
  DeadLetters,
  PoisonMessageError,
} from '../src/amqp/index.js';
import { Secret } from '../src/config/secret.js';
import { AmqpHarness, change, eventually, testBrokerUrl } from './amqp-harness.js';
import { PROJECTION, startListener, type Handle } from './amqp-listener.js';

/** As much as amqplib writes of headers in one message, less what there is beside it. */
const MOST_HEADER_BYTES = 65_536 - 100;

describe('dead letters', () => {
  let harness: AmqpHarness;
  let admin: Channel;
  let deadLetters: DeadLetters;

  beforeEach(async () => {
    harness = new AmqpHarness(testBrokerUrl());
    admin = await harness.admin();
    deadLetters = deadLettersAt(testBrokerUrl());
  });
  afterEach(() => harness.dispose());

  function deadLettersAt(url: string): DeadLetters {
    return new DeadLetters({ url: new Secret(url), topology: harness.topology });
  }

  /** What is given back to a quorum queue is there a moment later. */
  async function holding(expected: { projection?: number; deadLetters: number }): Promise<void> {
    const { projectionQueue, deadLetterQueue } = harness.topology;
    const { projection, deadLetters: dead } = expected;
    await eventually(async () => (await harness.waiting(admin, deadLetterQueue)) === dead);
    if (projection === undefined) return;
    await eventually(async () => (await harness.waiting(admin, projectionQueue)) === projection);
  }

  /** The queues, and in the projection's a consumer that cannot stand anything. */
  async function refusingProjection(): Promise<{ close(): Promise<void> }> {
    const refuse: Handle = () => Promise.reject(new PoisonMessageError('never valid'));
    return projection(refuse);
  }

  async function projection(handle: Handle) {
    const connection = harness.connection();
    const queue = { kind: 'SHARED', name: harness.topology.projectionQueue } as const;
    const options = { transportId: PROJECTION, queue };
    const listener = await startListener(connection, options, { projection: handle });
    harness.onDispose(listener.close);
    await harness.open(connection);
    return listener;
  }

  /** Change sets that have died, `revisions` of each tenant. */
  async function dead(revisions: number, ...tenantIds: string[]): Promise<void> {
    const publisher = await harness.connectedPublisher();
    const listener = await refusingProjection();
    for (const tenantId of tenantIds) {
      for (let revision = 1; revision <= revisions; revision += 1) {
        await publisher.publish(accessChangedMessage(change(revision, tenantId)));
      }
    }
    await holding({ deadLetters: revisions * tenantIds.length });
    await listener.close();
  }

  /** Puts a message right among the dead letters, as nobody should. */
  function bury(body: string | Buffer, properties: Options.Publish = {}): void {
    admin.sendToQueue(harness.topology.deadLetterQueue, Buffer.from(body), {
      persistent: true,
      ...properties,
    });
  }

  /** How often the broker has delivered the first of the dead letters before. */
  async function deliveriesOfFirst(): Promise<number> {
    const message = await admin.get(harness.topology.deadLetterQueue);
    if (message === false) throw new Error('there are no dead letters');
    admin.nack(message);
    return Number(message.properties.headers?.['x-delivery-count']);
  }

  async function declareQueues(): Promise<void> {
    await harness.open(harness.connection());
  }

  describe('listed', () => {
    it('say what they are, why they died and when, and stay where they are', async () => {
      const before = Math.floor(Date.now() / 1_000) * 1_000;
      await dead(2, 'acme');

      const { inQueue, letters } = await deadLetters.list({ limit: 100 });

      expect(inQueue).toBe(2);
      const [first, second] = letters;
      expect(first).toEqual({
        tenantId: 'acme',
        epoch: 1,
        revision: 1,
        messageId: 'acme/1/1',
        type: 'access-changed.v1',
        reason: 'rejected',
        deaths: 1,
        firstDiedAt: expect.any(Date),
        bytes: Buffer.byteLength(JSON.stringify(change(1))),
      });
      expect(first?.firstDiedAt?.getTime()).toBeGreaterThanOrEqual(before);
      expect(second).toMatchObject({ messageId: 'acme/1/2' });
      await holding({ deadLetters: 2 });
      expect((await deadLetters.list({ limit: 100 })).letters).toEqual(letters);
    });

    it('show their bodies when asked to', async () => {
      await declareQueues();
      bury('{');
      bury(Buffer.of(0xff));
      await holding({ deadLetters: 2 });

      const { letters } = await deadLetters.list({ limit: 100, bodies: true });

      expect(letters.map(({ body }) => body)).toEqual([{ text: '{' }, { base64: '/w==' }]);
    });

    it('are no more than asked for, and of one tenant when one is named', async () => {
      await dead(3, 'acme', 'globex');

      const some = await deadLetters.list({ limit: 4 });
      await holding({ deadLetters: 6 });
      const ofOne = await deadLetters.list({ limit: 2, tenantId: 'globex' });

      expect(some.inQueue).toBe(6);
      expect(some.letters).toHaveLength(4);
      expect(ofOne.letters.map(({ tenantId }) => tenantId)).toEqual(['globex', 'globex']);
      expect((await deadLetters.list({ limit: 4, tenantId: 'initech' })).letters).toEqual([]);
      await holding({ deadLetters: 6 });
    });

    it('are none where there is no queue yet', async () => {
      expect(await deadLetters.list({ limit: 100 })).toEqual({ inQueue: 0, letters: [] });
    });

    it('outlive any number of looks, where the broker counts without a limit', async () => {
      await dead(1, 'acme');
      for (let look = 0; look < 25; look += 1) await deadLetters.list({ limit: 100 });
      expect(await deliveriesOfFirst()).toBeLessThanOrEqual(10);
      expect((await deadLetters.list({ limit: 100 })).letters).toMatchObject([
        { messageId: 'acme/1/1', reason: 'rejected', deaths: 1 },
      ]);
    });

    it.each([
      ['listed', undefined, 2],
      ['passed over', 'initech', 0],
    ])(
      'outlive being %s any number of times, where the broker drops after 20',
      async (_, tenantId, listed) => {
        // As every quorum queue is from RabbitMQ 4 on.
        await admin.assertQueue(harness.topology.deadLetterQueue, {
          durable: true,
          arguments: { ...deadLetterQueueArguments, 'x-delivery-limit': 20 },
        });
        bury('{"tenantId":"acme"}');
        bury('{"tenantId":"acme"}');
        await holding({ deadLetters: 2 });
        for (let look = 0; look < 50; look += 1) {
          await holding({ deadLetters: 2 });
          const { letters } = await deadLetters.list({ limit: 100, tenantId });
          expect(letters).toHaveLength(listed);
          if (tenantId) await deadLetters.redrive({ limit: 100, tenantId });
        }
        await holding({ deadLetters: 2 });
      },
    );
  });

  describe('redriven', () => {
    it('are in the projection’s queue again as they were published', async () => {
      await dead(3, 'acme');

      expect(await deadLetters.redrive({ limit: 100 })).toEqual({ moved: 3, refused: 0, left: 0 });

      await holding({ deadLetters: 0 });
      const taken = await harness.take(admin, harness.topology.projectionQueue, 3);
      expect(taken.map(({ content }) => JSON.parse(content.toString()) as unknown)).toEqual(
        [1, 2, 3].map((revision) => change(revision)),
      );
      expect(taken[0]?.properties).toMatchObject({
        contentType: 'application/json',
        deliveryMode: 2,
        messageId: 'acme/1/1',
        type: 'access-changed.v1',
        headers: { cloudEvents_id: 'acme/1/1', cloudEvents_subject: 'acme' },
      });
    });

    it('reach the handler that failed before', async () => {
      await dead(2, 'acme');
      const handled: number[] = [];
      await projection(async ({ revision }) => void handled.push(revision));

      await deadLetters.redrive({ limit: 100 });

      await eventually(() => handled.length === 2);
      expect(handled.sort()).toEqual([1, 2]);
    });

    it('are dead letters once more if they die again, and count it', async () => {
      await dead(2, 'acme');
      await refusingProjection();

      expect(await deadLetters.redrive({ limit: 100 })).toEqual({ moved: 2, refused: 0, left: 0 });

      await holding({ deadLetters: 2 });
      const { letters } = await deadLetters.list({ limit: 100 });
      expect(letters.map(({ deaths }) => deaths)).toEqual([2, 2]);
    });

    it('are those of one tenant when one is named', async () => {
      await dead(2, 'acme', 'globex');

      const redriven = await deadLetters.redrive({ limit: 100, tenantId: 'globex' });

      expect(redriven).toEqual({ moved: 2, refused: 0, left: 2 });
      const { letters } = await deadLetters.list({ limit: 100 });
      expect(letters.map(({ tenantId }) => tenantId)).toEqual(['acme', 'acme']);
      await holding({ projection: 2, deadLetters: 2 });
    });

    it('are no more than asked for', async () => {
      await dead(5, 'acme');
      expect(await deadLetters.redrive({ limit: 2 })).toEqual({ moved: 2, refused: 0, left: 3 });
      await holding({ projection: 2, deadLetters: 3 });
    });

    it('are any number', async () => {
      await declareQueues();
      for (let count = 0; count < 250; count += 1) bury(JSON.stringify(change(count + 1)));
      await holding({ deadLetters: 250 });
      const redriven = await deadLetters.redrive({ limit: 1_000 });
      expect(redriven).toEqual({ moved: 250, refused: 0, left: 0 });
      await holding({ projection: 250, deadLetters: 0 });
    });

    it('are none where there is no queue yet', async () => {
      const nothing = { moved: 0, refused: 0, left: 0 };
      expect(await deadLetters.redrive({ limit: 100 })).toEqual(nothing);
    });

    it('stay where they are while the projection’s queue is gone', async () => {
      await dead(2, 'acme');
      await admin.deleteQueue(harness.topology.projectionQueue);
      expect(await deadLetters.redrive({ limit: 100 })).toEqual({ moved: 0, refused: 2, left: 2 });
      await holding({ deadLetters: 2 });
    });

    it('stay where they are while the projection’s queue takes nothing', async () => {
      await dead(2, 'acme');
      const { projectionQueue } = harness.topology;
      await admin.deleteQueue(projectionQueue);
      await admin.assertQueue(projectionQueue, { maxLength: 1, overflow: 'reject-publish' });
      expect(await deadLetters.redrive({ limit: 100 })).toEqual({ moved: 1, refused: 1, left: 1 });
      await holding({ deadLetters: 1 });
    });

    it('do not go anywhere else, whatever their headers and properties ask for', async () => {
      await declareQueues();
      const { queue: elsewhere } = await admin.assertQueue('', { exclusive: true });
      const headers = { CC: [elsewhere], BCC: [elsewhere] };
      bury('{}', { headers, expiration: '3600000', userId: new URL(testBrokerUrl()).username });
      await holding({ deadLetters: 1 });
      // What was just put there was routed by these headers as well.
      await admin.purgeQueue(elsewhere);
      expect(await deadLetters.redrive({ limit: 100 })).toEqual({ moved: 1, refused: 0, left: 0 });
      const [message] = await harness.take(admin, harness.topology.projectionQueue, 1);
      expect(message?.properties).toMatchObject({ userId: undefined, expiration: undefined });
      expect(await harness.waiting(admin, elsewhere)).toBe(0);
    });

    it('pass over one that cannot be written any more, for all that the broker wrote on it', async () => {
      const listener = await refusingProjection();
      const { exchange, routingKey } = harness.topology;
      const headers = { long: 'x'.repeat(MOST_HEADER_BYTES) };
      admin.publish(exchange, routingKey, Buffer.from('{}'), { headers, messageId: 'unwritable' });
      admin.publish(exchange, routingKey, Buffer.from('{}'), { messageId: 'writable' });
      await holding({ deadLetters: 2 });
      await listener.close();

      expect(await deadLetters.redrive({ limit: 100 })).toEqual({ moved: 1, refused: 1, left: 1 });

      await holding({ projection: 1, deadLetters: 1 });
      expect((await deadLetters.list({ limit: 100 })).letters).toMatchObject([
        { messageId: 'unwritable' },
      ]);
    });
  });

  describe('while they are redriven', () => {
    it('are in both queues, and not in none, if the mover dies before it acknowledges', async () => {
      await dead(2, 'acme');
      const cut = await FrameCut.start(testBrokerUrl(), isAcknowledgement);
      harness.onDispose(() => cut.close());

      const redriving = deadLettersAt(cut.url).redrive({ limit: 100 });

      await expect(redriving).rejects.toThrow(BrokerUnavailableError);
      await holding({ projection: 2, deadLetters: 2 });
      expect(await deadLetters.redrive({ limit: 100 })).toEqual({ moved: 2, refused: 0, left: 0 });
      await holding({ projection: 4, deadLetters: 0 });
    });

    it('are not lost, whichever frame the mover dies before', async () => {
      await declareQueues();
      const arrived = new Set<unknown>();
      await admin.consume(
        harness.topology.projectionQueue,
        (message) => arrived.add(message?.properties.messageId),
        { noAck: true },
      );
      let ended = false;
      let crashes = 0;
      for (; !ended; crashes += 1) {
        const ids = [`${crashes}-a`, `${crashes}-b`];
        for (const messageId of ids) bury('{}', { messageId });
        await eventually(async () => isSubset(ids, await idsOfDeadLetters()));

        const cut = await FrameCut.start(testBrokerUrl(), (_, index) => index === crashes);
        ended = await deadLettersAt(cut.url)
          .redrive({ limit: 100 })
          .then(
            () => true,
            () => false,
          );
        await cut.close();

        // What was taken is back when the broker has seen that its taker is gone.
        await eventually(async () => isSubset(ids, [...arrived, ...(await idsOfDeadLetters())]));
        await deadLetters.redrive({ limit: 100 });
      }
      // To open a connection and a channel, then to take, copy and acknowledge two, and to close.
      expect(crashes).toBeGreaterThan(12);
    });

    async function idsOfDeadLetters(): Promise<unknown[]> {
      const ids: unknown[] = [];
      for (;;) {
        const message = await admin.get(harness.topology.deadLetterQueue);
        if (message === false) break;
        ids.push(message.properties.messageId);
      }
      admin.nackAll();
      return ids;
    }
  });

  it.each([
    ['nobody is there', 'amqp://127.0.0.1:1'],
    ['the address is none', 'http://guest:secret@127.0.0.1'],
  ])('say that there is no broker when %s', async (_, url) => {
    const error: unknown = await deadLettersAt(url)
      .list({ limit: 1 })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BrokerUnavailableError);
    expect(String(error)).toMatch(/the broker cannot be reached: ./);
    expect(String(error)).not.toContain('secret');
  });
});

function isSubset(some: readonly unknown[], all: readonly unknown[]): boolean {
  return some.every((each) => all.includes(each));
}

const PROTOCOL_HEADER_BYTES = 8;
const FRAME_HEADER_BYTES = 7;

/** A method frame of `basic.ack` (AMQP 0-9-1, section 1.8.3.13). */
function isAcknowledgement(frame: Buffer): boolean {
  return frame[0] === 1 && frame.readUInt32BE(FRAME_HEADER_BYTES) === (60 << 16) + 80;
}

/** Stands before a broker and resets the connection instead of passing on one frame of the client. */
class FrameCut {
  private constructor(
    private readonly target: URL,
    private readonly isCut: (frame: Buffer, index: number) => boolean,
  ) {}

  readonly #server = createServer((client) => {
    const broker = connectTcp(Number(this.target.port), this.target.hostname);
    let [unread, started, index] = [Buffer.alloc(0), false, 0];
    const reset = () => {
      client.resetAndDestroy();
      broker.resetAndDestroy();
    };
    client.on('data', (data: Buffer) => {
      unread = Buffer.concat([unread, data]);
      for (;;) {
        const length = started ? frameLength(unread) : PROTOCOL_HEADER_BYTES;
        if (unread.length < length) return;
        const frame = unread.subarray(0, length);
        if (started && this.isCut(frame, index)) return reset();
        broker.write(frame);
        if (started) index += 1;
        started = true;
        unread = unread.subarray(length);
      }
    });
    broker.pipe(client);
    for (const socket of [client, broker]) socket.on('error', reset).on('close', reset);
  });

  static async start(
    target: string,
    isCut: (frame: Buffer, index: number) => boolean,
  ): Promise<FrameCut> {
    const cut = new FrameCut(new URL(target), isCut);
    cut.#server.listen(0, '127.0.0.1');
    await once(cut.#server, 'listening');
    return cut;
  }

  get url(): string {
    const url = new URL(this.target);
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  async close(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Of the frame that begins here, with its header and its end; more than there is if it is cut off. */
function frameLength(bytes: Buffer): number {
  return bytes.length < FRAME_HEADER_BYTES
    ? FRAME_HEADER_BYTES
    : FRAME_HEADER_BYTES + bytes.readUInt32BE(3) + 1;
}
