import type { Random } from './random.js';
import type { VirtualTime } from './virtual-time.js';

/** A connection: what is sent over it arrives in its order, each way, and takes a random time. */
export class Wire {
  #there = 0;
  #back = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
    /** Milliseconds, least and most. */
    private readonly latency: () => readonly [number, number],
  ) {}

  /** How long what is sent now takes to the server. */
  there(): number {
    this.#there = Math.max(this.#there, this.#draw());
    return this.#there - this.time.now;
  }

  /** How long what the server sends now takes to the client. */
  back(): number {
    this.#back = Math.max(this.#back, this.#draw());
    return this.#back - this.time.now;
  }

  #draw(): number {
    const [least, most] = this.latency();
    return this.time.now + this.random.between(least, most);
  }
}
