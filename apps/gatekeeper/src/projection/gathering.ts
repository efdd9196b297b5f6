import type { MonotonicClock } from './monotonic-clock.js';

export interface GatheringOptions {
  readonly clock: MonotonicClock;
  /** Between two transactions of a tenant, ms. */
  readonly ms: number;
  /** As many change sets of all tenants together wait for nothing. */
  readonly enough: number;
}

/**
 * How long change sets wait for others of their tenant, to go with them in one transaction: under load
 * many do, and a tenant that was quiet is written at once. Nobody waits once so many have arrived that
 * the broker would soon hold the others back.
 */
export class Gathering {
  #arrived = 0;
  #waiting = new AbortController();

  constructor(private readonly options: GatheringOptions) {}

  /** That many more have arrived, or with a negative number are dealt with. */
  count(arrived: number): void {
    this.#arrived += arrived;
    if (!this.#isEnough) return;
    this.#waiting.abort();
    this.#waiting = new AbortController();
  }

  /** Resolves when the next transaction may begin after one at that moment, or at once when cut. */
  async wait(lastAt: number, cut: AbortSignal): Promise<void> {
    const { clock, ms } = this.options;
    const left = lastAt + ms - clock.now();
    if (left <= 0 || this.#isEnough) return;
    await clock.sleep(left, AbortSignal.any([cut, this.#waiting.signal]));
  }

  get #isEnough(): boolean {
    return this.#arrived >= this.options.enough;
  }
}
