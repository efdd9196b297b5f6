import type { MonotonicClock } from './monotonic-clock.js';
import type { ProjectionLogger } from './projection-logger.js';

export interface GuardParts {
  readonly monotonic: Pick<MonotonicClock, 'now'>;
  /** Epoch milliseconds. */
  readonly wall: () => number;
  /** How far the wall clock may be off, ms. */
  readonly uncertaintyMs: number;
  readonly logger: ProjectionLogger;
}

/**
 * Leases run on a clock that cannot be set, but validity is about the time of day. When the wall clock
 * jumps against the other by more than it may be off, grants that have ended could seem to last: then
 * nothing is answered until the owner's clock agrees with this one.
 */
export class WallClockGuard {
  #offset: number;
  #trusted = true;

  constructor(private readonly parts: GuardParts) {
    this.#offset = this.#presentOffset();
  }

  /** Looks at the clocks; to be asked for every answer. */
  get trusted(): boolean {
    const drift = this.#presentOffset() - this.#offset;
    if (this.#trusted && Math.abs(drift) > this.parts.uncertaintyMs) {
      this.#trusted = false;
      this.parts.logger.error({ driftMs: drift }, 'the wall clock jumped: nothing is answered');
    }
    return this.#trusted;
  }

  /** The owner's clock said `ownerNow` between the two moments of the monotonic clock. */
  compare(ownerNow: number, askedAt: number, answeredAt: number): void {
    const { uncertaintyMs, logger } = this.parts;
    const here = this.#presentOffset();
    // When it was asked and when it had answered, by this wall clock.
    const earliest = askedAt + here - uncertaintyMs;
    const latest = answeredAt + here + uncertaintyMs;
    const agrees = ownerNow >= earliest && ownerNow <= latest;
    if (this.trusted) {
      // Clocks are slewed a little all the time; only jumps count.
      this.#offset = here;
    } else if (agrees) {
      this.#offset = here;
      this.#trusted = true;
      logger.warn({}, "the wall clock agrees with the owner's again");
    }
  }

  #presentOffset(): number {
    return this.parts.wall() - this.parts.monotonic.now();
  }
}
