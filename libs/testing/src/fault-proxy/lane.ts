import type { Socket } from 'node:net';
import type { Passage } from './fault.js';

/** Bytes, or how the source ended. */
type Item = Buffer | 'END' | 'RESET';

/** As much as waits in the proxy; what is beyond waits at the source. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024;

/** One direction of a connection: takes what the source sends and lets it through when it may pass. */
export class Lane {
  readonly #waiting: { readonly item: Item; readonly arrivedAt: number }[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly source: Socket,
    private readonly destination: Socket,
    private passage: Passage,
  ) {
    source.on('data', (bytes) => this.#arrived(bytes));
    source.on('end', () => this.#arrived('END'));
    source.on('close', (failed) => failed && this.#arrived('RESET'));
    destination.on('drain', () => this.#letThrough());
    this.#letThrough();
  }

  /** From now on, for what waits already too. */
  set(passage: Passage): void {
    this.passage = passage;
    this.#letThrough();
  }

  /** Lets nothing through any more, whatever still comes. */
  close(): void {
    this.set({ held: true, delayMs: 0 });
  }

  #arrived(item: Item): void {
    this.#waiting.push({ item, arrivedAt: performance.now() });
    this.#waitingBytes += item.length;
    this.#letThrough();
  }

  #letThrough(): void {
    clearTimeout(this.#timer);
    while (!this.passage.held && !this.destination.writableNeedDrain) {
      const next = this.#waiting[0];
      if (!next) break;
      const early = next.arrivedAt + this.passage.delayMs - performance.now();
      if (early > 0) {
        this.#timer = setTimeout(() => this.#letThrough(), Math.ceil(early));
        break;
      }
      this.#waiting.shift();
      this.#waitingBytes -= next.item.length;
      this.#pass(next.item);
    }
    if (this.passage.held || this.#waitingBytes > MOST_WAITING_BYTES) this.source.pause();
    else this.source.resume();
  }

  #pass(item: Item): void {
    // Nobody is there to take it: the network delivers, and that is all.
    if (this.destination.destroyed) return;
    if (item === 'RESET') this.destination.resetAndDestroy();
    else if (item === 'END') this.destination.end();
    else this.destination.write(item);
  }
}
