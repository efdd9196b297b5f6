import type { Life } from '../simulation/process.js';
import type { Random } from '../simulation/random.js';
import type { VirtualTime } from '../simulation/virtual-time.js';
import { Wire } from '../simulation/wire.js';
import { BrokerConnection } from './broker-connection.js';
import { BrokerQueue, type Consumer, type Message } from './broker-queue.js';

export const PROJECTION_QUEUE = 'projection';

/** What the broker says became of a published message, before the publisher hears of it. */
export type BrokerFate = 'CONFIRMED' | 'RETURNED' | 'NACKED';

/** STORE: nothing happens. LOSE_CONFIRM: it is kept, and its publisher never hears of that. */
export type PublishMischief = 'STORE' | 'NACK' | 'LOSE_CONFIRM';

/** What happens to a message on its way into a queue, when things go wrong. */
export type Mischief =
  | 'NONE'
  | 'DROP'
  | 'DUPLICATE'
  | 'LATE'
  /** Its body is damaged. */
  | 'SPOIL';

export class BrokerGone extends Error {}

/**
 * An exchange, the shared queue of the projection (one active consumer, redelivery, a delivery limit,
 * dead letters) and a queue of its own for every replica that is connected.
 */
export class Broker {
  up = true;
  /** Published messages are taken, and not yet (a disk or memory alarm). */
  blocked = false;
  /** Each asked for every publish; the first that wants something else than STORE has its way. */
  readonly fates = new Set<() => PublishMischief>();
  /** Each asked for every message that goes into a queue; the first that wants something has its way. */
  readonly mischiefs = new Set<(queue: BrokerQueue) => Mischief>();
  readonly deadLetters: Message[] = [];
  /** Told when a publisher is told that a message is safe. */
  onConfirmed: (message: Message) => void = () => undefined;
  /** Told of what is acknowledged on the shared queue. */
  onAcknowledged: (message: Message, life: Life) => void = () => undefined;
  latency: readonly [number, number] = [0.2, 5];

  readonly #queues = new Map<string, BrokerQueue>();
  readonly #connections = new Set<BrokerConnection>();
  #waitingForRoom: (() => void)[] = [];
  #exclusive = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
  ) {}

  get waiting(): number {
    return this.#queues.get(PROJECTION_QUEUE)?.size ?? 0;
  }

  wire(): Wire {
    return new Wire(this.time, this.random, () => this.latency);
  }

  connect(life: Life, wire: Wire): BrokerConnection {
    if (!this.up) throw new BrokerGone('connection refused');
    const connection = new BrokerConnection(life, wire);
    connection.blocked = this.blocked;
    this.#connections.add(connection);
    life.whenOver(() => this.#close(connection));
    return connection;
  }

  /** Declares the shared queue, if it is not there. */
  declare(connection: BrokerConnection): void {
    this.#check(connection);
    if (this.#queues.has(PROJECTION_QUEUE)) return;
    this.#queues.set(PROJECTION_QUEUE, this.#make(PROJECTION_QUEUE, true));
  }

  consumeShared(connection: BrokerConnection, consumer: Consumer): void {
    this.#check(connection);
    const queue = this.#queues.get(PROJECTION_QUEUE);
    if (!queue) throw new BrokerGone('no such queue');
    queue.subscribe(consumer);
  }

  /** A queue that gets every message from now on, and goes with its connection. */
  consumeOwn(connection: BrokerConnection, consumer: Consumer): void {
    this.#check(connection);
    const name = `own ${(this.#exclusive += 1)}`;
    const queue = this.#make(name, false);
    this.#queues.set(name, queue);
    queue.subscribe(consumer);
  }

  /** Resolves when the broker has decided; never, if its answer is lost. */
  async publish(connection: BrokerConnection, message: Message): Promise<BrokerFate> {
    this.#check(connection);
    while (this.blocked) await new Promise<void>((resolve) => this.#waitingForRoom.push(resolve));
    this.#check(connection);
    const fate = firstOf(this.fates, 'STORE');
    if (fate === 'NACK') return 'NACKED';
    if (this.#queues.size === 0) return 'RETURNED';
    for (const queue of this.#queues.values()) this.#offer(queue, message);
    if (fate === 'LOSE_CONFIRM') {
      this.drop(connection);
      throw new BrokerGone('the connection broke');
    }
    this.onConfirmed(message);
    return 'CONFIRMED';
  }

  heal(): void {
    if (!this.up) this.start(false);
    if (this.blocked) this.setBlocked(false);
    this.fates.clear();
    this.mischiefs.clear();
    this.latency = [0.2, 5];
  }

  setBlocked(blocked: boolean): void {
    this.blocked = blocked;
    for (const connection of this.#connections) {
      connection.blocked = blocked;
      const { life, wire } = connection;
      this.time.after(wire.back(), 'broker: blocked or not', () =>
        life.deliver(() => connection.onBlocked(blocked), wire),
      );
    }
    if (!blocked) for (const go of this.#waitingForRoom.splice(0)) go();
  }

  /** Stops: connections end, what is durable stays. */
  stop(): void {
    this.up = false;
    for (const connection of [...this.#connections]) this.#close(connection);
    for (const go of this.#waitingForRoom.splice(0)) go();
  }

  /** Comes up again, with its queues or as if it had never been there. */
  start(empty: boolean): void {
    this.up = true;
    if (empty) {
      this.#queues.clear();
      this.deadLetters.length = 0;
    }
  }

  /** Somebody deletes the shared queue; its consumers are told. */
  deleteQueue(): void {
    const queue = this.#queues.get(PROJECTION_QUEUE);
    if (!queue) return;
    this.#queues.delete(PROJECTION_QUEUE);
    for (const { connection } of queue.consumers) this.#close(connection);
  }

  /** The connection of this process breaks; it may not know why. */
  drop(connection: BrokerConnection): void {
    this.#close(connection);
  }

  dropAll(): void {
    for (const connection of [...this.#connections]) this.#close(connection);
  }

  #check(connection: BrokerConnection): void {
    if (!this.up || !connection.open) throw new BrokerGone('not connected');
  }

  #make(name: string, isShared: boolean): BrokerQueue {
    return new BrokerQueue(name, isShared, {
      time: this.time,
      deadLetters: this.deadLetters,
      acknowledged: (message, life) => {
        if (isShared) this.onAcknowledged(message, life);
      },
    });
  }

  #offer(queue: BrokerQueue, message: Message): void {
    const later = (): void => {
      this.time.after(this.random.between(1, 3_000), 'a message comes late', () => {
        if (this.#queues.get(queue.name) === queue) queue.put(message);
      });
    };
    switch (firstOf(this.mischiefs, 'NONE', queue)) {
      case 'NONE':
        queue.put(message);
        break;
      case 'DROP':
        break;
      case 'DUPLICATE':
        queue.put(message);
        later();
        break;
      case 'LATE':
        later();
        break;
      case 'SPOIL':
        queue.put({ ...message, body: spoiled(message.body, this.random) });
        break;
    }
  }

  #close(connection: BrokerConnection): void {
    if (!this.#connections.delete(connection)) return;
    connection.open = false;
    for (const [name, queue] of this.#queues) {
      queue.unsubscribe(connection);
      if (!queue.isShared && queue.consumers.length === 0) this.#queues.delete(name);
    }
    const { life, wire } = connection;
    this.time.after(wire.back(), 'broker: connection closed', () =>
      life.deliver(() => connection.onClose(), wire),
    );
  }
}

function firstOf<Answer, Asked extends unknown[]>(
  all: Iterable<(...asked: Asked) => Answer>,
  nothing: Answer,
  ...asked: Asked
): Answer {
  for (const each of all) {
    const answer = each(...asked);
    if (answer !== nothing) return answer;
  }
  return nothing;
}

/** No change set of version 1 any more: of a later version, or of none. */
function spoiled(body: unknown, random: Random): unknown {
  const message = body as { readonly tenantId: string };
  return random.pick<unknown>([
    { ...message, kind: 'CHANGES_OF_TOMORROW' },
    { ...message, events: [{ type: 'role-cloned.v9' }] },
    { tenantId: message.tenantId },
    'not even an object',
    null,
  ]);
}
