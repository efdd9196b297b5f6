import type { MonotonicClock } from './monotonic-clock.js';
import type { ProjectionLogger } from './projection-logger.js';

/** An answer that took longer says too little of what time it was. */
const SLOWEST_ANSWER_MS = 500;
/** Both clocks are read one after the other, and one of them in whole milliseconds. */
const READING_ERROR_MS = 2;

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
  /** Until the owner was asked for the first time, nobody knows whether this clock is right. */
  #trusted = false;

  #hasJumped = false;

  constructor(private readonly parts: GuardParts) {
    this.#offset = this.#presentOffset();
  }

  /** Looks at the clocks; to be asked for every answer. */
  get trusted(): boolean {
    const drift = this.#presentOffset() - this.#offset;
    const isJump = Math.abs(drift) > Math.max(this.parts.uncertaintyMs, READING_ERROR_MS);
    if (this.#trusted && isJump) {
      this.#trusted = false;
      this.#hasJumped = true;
      this.parts.logger.error({ driftMs: drift }, 'the wall clock jumped: nothing is answered');
    }
    return this.#trusted;
  }

  /**
   * The owner's clock said `ownerNow` between the two moments of the monotonic clock; null: it does
   * not say, and then there is nothing to compare with but this clock itself.
   */
  compare(ownerNow: number | null, askedAt: number, answeredAt: number): void {
    const { uncertaintyMs, logger } = this.parts;
    const here = this.#presentOffset();
    if (ownerNow === null) {
      this.#trusted ||= !this.#hasJumped;
      return;
    }
    // How far it lies outside of when it was asked and had answered, by this wall clock.
    const apart = Math.max(askedAt + here - ownerNow, ownerNow - answeredAt - here, 0);
    const agrees = answeredAt - askedAt <= SLOWEST_ANSWER_MS && apart <= uncertaintyMs;
    if (this.trusted) {
      // INVARIANT: small steps are followed only as far as the owner's clock is followed by them: many
      // of them lead anywhere, and a process may have begun with a wrong clock. Either may be off.
      if (apart > 2 * uncertaintyMs + READING_ERROR_MS) {
        this.#trusted = false;
        logger.error({ apartMs: apart }, "the wall clock is not the owner's: nothing is answered");
      } else this.#offset = here;
    } else if (agrees) {
      this.#offset = here;
      this.#trusted = true;
      logger.info({}, "the wall clock agrees with the owner's");
    }
  }

  #presentOffset(): number {
    return this.parts.wall() - this.parts.monotonic.now();
  }
}
