import { type Channel, type ConsumeMessage, IllegalOperationError } from 'amqplib';

/** How long an acknowledgement may wait for others to go with it, ms. */
const GATHER_MS = 10;

export interface AcknowledgementsOptions {
  /** How many messages may be unsettled at once. */
  readonly prefetch: number;
  /** A message was settled after its channel had closed: the broker will deliver it again. */
  readonly onLateSettlement: () => void;
}

/**
 * What is said to the broker about the messages of one channel. Acknowledgements that come within a
 * few milliseconds go together: one frame for all that have no open message before them.
 *
 * INVARIANT: always on the channel that delivered it. On another channel the same delivery tag is
 * another message, which would be lost if it were acked in this one's place.
 */
export class Acknowledgements {
  /** Delivered and not settled, in the order of delivery. */
  readonly #open = new Set<number>();
  #given: ConsumeMessage[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly channel: Channel,
    private readonly options: AcknowledgementsOptions,
  ) {}

  /** A message was delivered: whatever is acknowledged meanwhile, it is not. */
  expect(message: ConsumeMessage): void {
    this.#open.add(message.fields.deliveryTag);
  }

  ack(message: ConsumeMessage): void {
    this.#open.delete(message.fields.deliveryTag);
    this.#given.push(message);
    // The broker gives no more than the prefetch: waiting for the rest of it would be for nothing.
    if (this.#given.length * 2 >= this.options.prefetch) this.send();
    else this.#timer ??= setTimeout(() => this.send(), GATHER_MS);
  }

  reject(message: ConsumeMessage, requeue: boolean): void {
    // Before this one: what is acknowledged up to a message must not take a rejected one along.
    this.send();
    this.#open.delete(message.fields.deliveryTag);
    // Not nack: from RabbitMQ 4.3 on only a reject counts against the delivery limit.
    this.#say(() => this.channel.reject(message, requeue));
  }

  /** Says at once what has been gathered. */
  send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const given = this.#given;
    this.#given = [];
    const [oldestOpen = Infinity] = this.#open;
    const isBeforeAllOpen = ({ fields }: ConsumeMessage) => fields.deliveryTag < oldestOpen;
    const together = given.filter(isBeforeAllOpen);
    const last = together.toSorted((a, b) => a.fields.deliveryTag - b.fields.deliveryTag).at(-1);
    if (last) this.#say(() => this.channel.ack(last, true), together.length);
    for (const message of given) {
      if (!isBeforeAllOpen(message)) this.#say(() => this.channel.ack(message));
    }
  }

  #say(say: () => void, messages = 1): void {
    try {
      say();
    } catch (error) {
      if (!(error instanceof IllegalOperationError)) throw error;
      for (let count = 0; count < messages; count += 1) this.options.onLateSettlement();
    }
  }
}
