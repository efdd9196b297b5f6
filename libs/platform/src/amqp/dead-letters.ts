import { setTimeout as sleep } from 'node:timers/promises';
import type { AmqpTopology } from '@bastion/contracts';
import { connect, type ChannelModel, type ConfirmChannel, type GetMessage } from 'amqplib';
import type { Secret } from '../config/secret.js';
import { withHeartbeat } from './amqp-connection.js';
import { BrokerUnavailableError } from './confirmed-publisher.js';
import { bodyOf, toDeadLetter, type DeadLetter } from './dead-letter.js';
import { within } from './deadline.js';

const CONNECT_TIMEOUT_MS = 10_000;
const CLOSE_TIMEOUT_MS = 5_000;

/** A queue without a leader neither answers nor confirms. */
const ANSWER_TIMEOUT_MS = 30_000;

/** How long what was given back may take to be in the queue again, and how often that is looked at. */
const GIVEN_BACK_TIMEOUT_MS = 2_000;
const GIVEN_BACK_LOOK_MS = 20;

/**
 * How many are copied at once, and so acknowledged at once. Of more than 32 acknowledgements in a
 * row RabbitMQ keeps some to itself until the queue has caught up, and forgets them with the channel.
 */
const BATCH = 16;

/**
 * From how many deliveries on a dead letter is put in anew. RabbitMQ 3.10 counts them in a quorum
 * queue and sets no limit unless it is told to; from 4.0 on it drops a message after 20.
 */
const WORN_AFTER = 10;

const NOT_FOUND = 404;

/** Headers that a copy must not have: the first two route, the last the broker writes anew. */
const DROPPED = new Set(['CC', 'BCC', 'x-delivery-count']);

export interface DeadLettersRequest {
  /** Only this tenant's. */
  readonly tenantId?: string;
  /** At most this many. */
  readonly limit: number;
}

export interface ListedDeadLetter extends DeadLetter {
  /** Only if it was asked for. */
  readonly body?: ReturnType<typeof bodyOf>;
}

export interface DeadLetterList {
  /** How many lie there, of every tenant; some that another process is looking at not counted. */
  readonly inQueue: number;
  /** The oldest first, more or less. */
  readonly letters: readonly ListedDeadLetter[];
}

export interface Redriven {
  /** In the projection's queue again. */
  readonly moved: number;
  /** Not taken by the broker: the projection's queue is not there, or full, or cannot be reached. */
  readonly refused: number;
  /** What still lies there of what lay there before, refused ones and other tenants' included. */
  readonly left: number;
}

interface Left {
  /** How many messages are in the queue afterwards. */
  readonly left: number;
}

/** The queue for as long as one request lasts. */
interface OpenQueue {
  readonly channel: ConfirmChannel;
  /** How many messages it held at the beginning. */
  readonly inQueue: number;
}

/**
 * The messages that the projection gave up. Each method connects, works and is gone; a queue that
 * does not exist yet is an empty one. They reject with {@link BrokerUnavailableError} when there is
 * no broker or it is lost on the way, after which every message is where it was, or also where it
 * was to go.
 *
 * Looking at a message is taking it without acknowledging it, and giving it back at the end: its
 * delivery count rises by one each time, also when this process dies. A queue with a delivery limit
 * would drop it for that in the end, so before it comes to that it is replaced by a copy of itself.
 */
export class DeadLetters {
  constructor(
    private readonly options: { readonly url: Secret; readonly topology: AmqpTopology },
  ) {}

  /** Lists without removing anything. With a tenant, it looks through the queue until it has enough. */
  async list({
    tenantId,
    limit,
    bodies = false,
  }: DeadLettersRequest & { readonly bodies?: boolean }): Promise<DeadLetterList> {
    const letters: ListedDeadLetter[] = [];
    const { left: inQueue } = await this.#onQueue({ left: 0 }, async (queue) => {
      for await (const message of this.#taken(queue)) {
        const letter = toDeadLetter(message);
        if (tenantId === undefined || letter.tenantId === tenantId) {
          letters.push(bodies ? { ...letter, body: bodyOf(message.content) } : letter);
        }
        await this.#renewWorn(queue.channel, message);
        if (letters.length === limit) break;
      }
      return { left: queue.inQueue };
    });
    return { inQueue, letters };
  }

  /**
   * Moves dead letters back to where they died, the oldest first, more or less: the projection does
   * not rest on their order, and has one applied twice as it has it applied once. One that dies
   * again is a dead letter again, and is not moved a second time by the same call.
   */
  redrive({ tenantId, limit }: DeadLettersRequest): Promise<Redriven> {
    return this.#onQueue({ moved: 0, refused: 0, left: 0 }, async (queue) => {
      const { channel, inQueue } = queue;
      let [picked, moved] = [0, 0];
      let batch: GetMessage[] = [];
      const moveBatch = async () => {
        moved += await this.#move(channel, batch, this.options.topology.projectionQueue);
        batch = [];
      };
      for await (const message of this.#taken(queue)) {
        if (tenantId === undefined || toDeadLetter(message).tenantId === tenantId) {
          picked += 1;
          batch.push(message);
        } else {
          await this.#renewWorn(channel, message);
        }
        if (batch.length === BATCH) await moveBatch();
        if (picked === limit) break;
      }
      await moveBatch();
      return { moved, refused: picked - moved, left: inQueue - moved };
    });
  }

  /**
   * The messages that are there now, one by one. None of them twice: they are given back only when
   * the channel is closed, and what is put in meanwhile comes behind them.
   */
  async *#taken({ channel, inQueue }: OpenQueue): AsyncGenerator<GetMessage> {
    for (let count = 0; count < inQueue; count += 1) {
      const message = await this.#take(channel);
      if (message === false) return;
      yield message;
    }
  }

  #take(channel: ConfirmChannel): Promise<GetMessage | false> {
    const taking = channel.get(this.options.topology.deadLetterQueue);
    return within(ANSWER_TIMEOUT_MS, 'taking a dead letter', taking);
  }

  async #renewWorn(channel: ConfirmChannel, message: GetMessage): Promise<void> {
    const deliveries: unknown = message.properties.headers?.['x-delivery-count'];
    if (typeof deliveries !== 'number' || deliveries < WORN_AFTER) return;
    await this.#move(channel, [message], this.options.topology.deadLetterQueue);
  }

  /** Puts copies into a queue, acknowledges what they are copies of, and says of how many. */
  async #move(
    channel: ConfirmChannel,
    messages: readonly GetMessage[],
    queue: string,
  ): Promise<number> {
    let returned = false;
    const onReturn = () => (returned = true);
    channel.on('return', onReturn);
    const copies = Promise.all(messages.map((message) => published(channel, queue, message)));
    const confirmed = await within(ANSWER_TIMEOUT_MS, 'confirming the copies', copies);
    channel.off('return', onReturn);
    // A returned message is confirmed as well. Its queue is not there, and so none is moved.
    if (returned) return 0;
    const copied = messages.filter((_, index) => confirmed[index]);
    // INVARIANT: only after the confirm. Whoever dies in between leaves a message twice, never not
    // at all.
    for (const message of copied) channel.ack(message);
    return copied.length;
  }

  async #onQueue<T extends Left>(nothing: T, work: (queue: OpenQueue) => Promise<T>): Promise<T> {
    const model = await this.#connect();
    // Not everything that waits for an answer is told that the connection has ended.
    const ended = new Promise<never>((_, reject) => {
      model.once('close', () => reject(new Error('the connection has ended')));
    });
    try {
      return await Promise.race([this.#work(model, nothing, work), ended]);
    } catch (error) {
      throw unavailable('the dead letters were not worked on to the end', error);
    } finally {
      // Nothing hangs on its good order: what is taken on a connection, its end gives back.
      await within(CLOSE_TIMEOUT_MS, 'closing', model.close()).catch(() => undefined);
    }
  }

  async #work<T extends Left>(
    model: ChannelModel,
    nothing: T,
    work: (queue: OpenQueue) => Promise<T>,
  ): Promise<T> {
    const channel = await model.createConfirmChannel();
    // What fails because of it says the same.
    channel.on('error', () => undefined);
    const { deadLetterQueue } = this.options.topology;
    const found = await channel.checkQueue(deadLetterQueue).catch(nullIfMissing);
    if (!found) return nothing;
    const result = await work({ channel, inQueue: found.messageCount });
    // A queue does what it is asked in order: once this is answered, all is acknowledged that was.
    await this.#take(channel);
    // What is not, the queue takes back now.
    await within(ANSWER_TIMEOUT_MS, 'closing the channel', channel.close());
    await this.#untilGivenBack(model, result.left);
    return result;
  }

  /**
   * A quorum queue has what is given back a moment later, and who looks before that sees nothing. Not
   * for long: somebody else may have taken them.
   */
  async #untilGivenBack(model: ChannelModel, left: number): Promise<void> {
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    const { deadLetterQueue } = this.options.topology;
    const giveUpAt = performance.now() + GIVEN_BACK_TIMEOUT_MS;
    for (;;) {
      const looking = channel.checkQueue(deadLetterQueue).catch(nullIfMissing);
      const found = await within(ANSWER_TIMEOUT_MS, 'looking at the queue', looking);
      if (!found || found.messageCount >= left || performance.now() > giveUpAt) return;
      await sleep(GIVEN_BACK_LOOK_MS);
    }
  }

  async #connect(): Promise<ChannelModel> {
    try {
      const model = await connect(withHeartbeat(this.options.url.reveal()), {
        noDelay: true,
        timeout: CONNECT_TIMEOUT_MS,
        clientProperties: { connection_name: 'dead letters' },
      });
      // INVARIANT: an 'error' event that nobody listens to would end the process.
      model.on('error', () => undefined);
      return model;
    } catch (error) {
      throw unavailable('the broker cannot be reached', error);
    }
  }
}

/** Whether the broker holds the copy; what it returns, it says of that before. */
function published(channel: ConfirmChannel, queue: string, message: GetMessage): Promise<boolean> {
  const { content, properties } = message;
  const headers = Object.entries(properties.headers ?? {}).filter(([name]) => !DROPPED.has(name));
  const options = {
    ...properties,
    headers: Object.fromEntries(headers),
    userId: undefined,
    expiration: undefined,
    persistent: true,
    mandatory: true,
  };
  return new Promise((resolve) => {
    try {
      channel.publish('', queue, content, options, (nack) => resolve(!nack));
    } catch {
      // Headers that amqplib can read and not write: nothing went out, and the message stays here.
      resolve(false);
    }
  });
}

function nullIfMissing(error: unknown): null {
  if ((error as { readonly code?: unknown }).code === NOT_FOUND) return null;
  throw error;
}

function unavailable(what: string, cause: unknown): BrokerUnavailableError {
  // Of several addresses that were tried, Node.js has no message of its own.
  const { code, message } = cause as { readonly code?: unknown; readonly message?: string };
  const why = message || String(code);
  return new BrokerUnavailableError(`${what}: ${why}`, { cause });
}
