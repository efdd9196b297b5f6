import type { Life } from '../simulation/process.js';
import type { VirtualTime } from '../simulation/virtual-time.js';
import type { BrokerConnection } from './broker-connection.js';

/** As the queue is declared: see contracts, `DELIVERY_LIMIT`. */
const DELIVERY_LIMIT = 20;

export interface Message {
  /** For the trace: `tenant/epoch/revision`. */
  readonly id: string;
  readonly body: unknown;
}

/** ACK: done. REJECT: never again. REQUEUE: once more. */
export type Settlement = 'ACK' | 'REJECT' | 'REQUEUE';

/** Who takes messages off a queue, over one connection. */
export interface Consumer {
  readonly connection: BrokerConnection;
  readonly prefetch: number;
  /** Called in order; the message is settled as it says. */
  readonly handle: (message: Message, deliveryCount: number) => Promise<Settlement>;
}

interface Queued {
  readonly message: Message;
  deliveries: number;
}

interface QueueParts {
  readonly time: VirtualTime;
  readonly deadLetters: Message[];
  readonly acknowledged: (message: Message, life: Life) => void;
}

/** A queue with its consumers, of which the first alone is active. */
export class BrokerQueue {
  consumers: readonly Consumer[] = [];
  #ready: Queued[] = [];
  readonly #unsettled = new Map<Queued, Consumer>();

  constructor(
    readonly name: string,
    readonly isShared: boolean,
    private readonly parts: QueueParts,
  ) {}

  /** Messages in it, delivered or not. */
  get size(): number {
    return this.#ready.length + this.#unsettled.size;
  }

  put(message: Message): void {
    this.#ready.push({ message, deliveries: 0 });
    this.#pump();
  }

  subscribe(consumer: Consumer): void {
    this.consumers = [...this.consumers, consumer];
    this.#pump();
  }

  /** What the connection had and did not settle goes back to where it was. */
  unsubscribe(connection: BrokerConnection): void {
    this.consumers = this.consumers.filter((each) => each.connection !== connection);
    const returned = [...this.#unsettled]
      .filter(([, consumer]) => consumer.connection === connection)
      .map(([queued]) => queued);
    for (const queued of returned) this.#unsettled.delete(queued);
    this.#ready = [...returned, ...this.#ready];
    this.#pump();
  }

  #pump(): void {
    for (;;) {
      const [active] = this.consumers;
      if (!active || this.#unsettled.size >= active.prefetch) return;
      const queued = this.#ready.shift();
      if (!queued) return;
      queued.deliveries += 1;
      if (queued.deliveries > DELIVERY_LIMIT && this.isShared) {
        this.parts.deadLetters.push(queued.message);
        continue;
      }
      this.#unsettled.set(queued, active);
      this.#deliver(queued, active);
    }
  }

  #deliver(queued: Queued, consumer: Consumer): void {
    const { message, deliveries } = queued;
    const { life, wire } = consumer.connection;
    this.parts.time.after(wire.back(), `${this.name} delivers ${message.id}`, () =>
      // What is in its buffer it takes, though the connection may be over at the broker's end.
      life.deliver(() => {
        void consumer.handle(message, deliveries).then((settlement) => {
          void life
            .request(`settle ${message.id} on ${this.name}`, wire, () =>
              this.#settle(queued, consumer, settlement),
            )
            .catch(() => undefined);
        });
      }, wire),
    );
  }

  #settle(queued: Queued, consumer: Consumer, settlement: Settlement): void {
    if (this.#unsettled.get(queued) !== consumer) return;
    this.#unsettled.delete(queued);
    if (settlement === 'REQUEUE') this.#ready.unshift(queued);
    else if (settlement === 'REJECT' && this.isShared) this.parts.deadLetters.push(queued.message);
    else if (settlement === 'ACK') {
      this.parts.acknowledged(queued.message, consumer.connection.life);
    }
    this.#pump();
  }
}
