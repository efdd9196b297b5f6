import { OverloadedError } from '@bastion/platform';
import { AdmittedWindow } from './admitted-window.js';

/** How long every reading has to be above the limit until it is no burst any more, ms. */
export const STANDING_MS = 200;

/** What is left of the capacity after each such time. */
export const DECREASE = 0.9;

/** The capacity never goes below this part of what was admitted when the overload began. */
export const FLOOR = 0.1;

/** A request, whatever is in it. */
const REQUEST = 1;

export interface AdmissionParts {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Up to which delay of the event loop nothing is refused, ms. */
  readonly maxDelayMs: number;
  readonly logger: AdmissionLogger;
}

/** A pino logger fits. */
export interface AdmissionLogger {
  warn(fields: object, message: string): void;
  info(fields: object, message: string): void;
}

interface Overload {
  /** How much is admitted in a window, of all tenants. */
  capacity: number;
  readonly floor: number;
  /** At the last look. */
  delayMs: number;
  refused: number;
}

/**
 * Decides which requests are worked on when there are more than can be. While the process keeps up,
 * all are. It does not where the event loop's delay, which is what every request waits in line for,
 * stands above the limit: for {@link STANDING_MS} without an exception, as CoDel tells a standing queue
 * from a burst (RFC 8289, section 3). From then on a window has a capacity, a little below what was
 * admitted in the last one and less again each time that this has not helped (multiplicative decrease),
 * and whoever has had its max-min fair share of it is refused. One reading within the limit ends it.
 *
 * A request weighs one, and each question that it turns out to hold one more. Nothing waits here.
 */
export class Admission {
  readonly #admitted = new AdmittedWindow();
  #aboveSince: number | undefined;
  #overload: Overload | undefined;

  constructor(private readonly parts: AdmissionParts) {}

  /** How many tenants it remembers: those of the last window. */
  get tenantCount(): number {
    return this.#admitted.tenantCount;
  }

  /** Takes in how late the event loop was just now, ms. */
  noteDelay(delayMs: number): void {
    const now = this.parts.now();
    this.#admitted.forget(now);
    if (delayMs <= this.parts.maxDelayMs) {
      this.#aboveSince = undefined;
      this.#end();
      return;
    }
    this.#aboveSince ??= now;
    if (now - this.#aboveSince < STANDING_MS) return;
    this.#aboveSince = now;
    if (this.#overload) this.#decrease(this.#overload, delayMs);
    else this.#begin(delayMs);
  }

  /**
   * Lets a request of the tenant be worked on.
   *
   * @throws OverloadedError when others come first
   */
  admitRequest(tenantId: string): void {
    this.#admit(tenantId, REQUEST, 0);
  }

  /**
   * Lets the questions of a request that was admitted be answered. Several are looked at once more,
   * as nobody knew of them before; a single one is answered.
   *
   * @throws OverloadedError when others come first
   */
  admitQuestions(tenantId: string, count: number): void {
    this.#admit(tenantId, count, count > 1 ? REQUEST : Infinity);
  }

  #admit(tenantId: string, weight: number, besides: number): void {
    const now = this.parts.now();
    this.#admitted.forget(now);
    const overload = this.#overload;
    if (overload && this.#admitted.hasHadShare(tenantId, overload.capacity, besides)) {
      overload.refused += 1;
      throw new OverloadedError();
    }
    this.#admitted.add(tenantId, weight, now);
  }

  #begin(delayMs: number): void {
    const { total, tenantCount } = this.#admitted;
    const capacity = total * DECREASE;
    this.#overload = { capacity, floor: total * FLOOR, delayMs, refused: 0 };
    this.parts.logger.warn({ delayMs, admitted: total, tenantCount }, 'overloaded');
  }

  #decrease(overload: Overload, delayMs: number): void {
    const { capacity, floor, delayMs: before } = overload;
    overload.delayMs = delayMs;
    // A delay that falls is a queue that is worked off: to take less would waste what comes after it.
    if (delayMs >= before) overload.capacity = Math.max(capacity * DECREASE, floor);
  }

  #end(): void {
    if (!this.#overload) return;
    this.parts.logger.info({ refused: this.#overload.refused }, 'no longer overloaded');
    this.#overload = undefined;
  }
}
