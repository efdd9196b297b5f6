import type { TimeInterval } from '@bastion/policy';

/**
 * The server's time and how far it may be off. Nothing that decides reads a clock by itself: it is
 * handed the interval in which the true time lies.
 */
export class Clock {
  /** `uncertaintyMs`: the clock is never further from true time than this. */
  constructor(readonly uncertaintyMs: number) {}

  /** Epoch milliseconds. */
  now(): number {
    return Date.now();
  }

  interval(): TimeInterval {
    const now = this.now();
    return { earliest: now - this.uncertaintyMs, latest: now + this.uncertaintyMs };
  }
}
