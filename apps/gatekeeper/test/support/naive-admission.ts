import { DECREASE, FLOOR, STANDING_MS } from '../../src/admission/admission.js';
import { SLICE_MS, WINDOW_MS } from '../../src/admission/admitted-window.js';

interface Admitted {
  readonly tenantId: string;
  readonly weight: number;
  readonly at: number;
}

interface DelayReading {
  readonly delayMs: number;
  readonly at: number;
  /** How many were admitted before. */
  readonly after: number;
}

/** What `Admission` should decide, worked out from everything that ever happened. */
export class NaiveAdmission {
  readonly #admitted: Admitted[] = [];
  readonly #readings: DelayReading[] = [];
  /** By how many readings there were: only another one changes it. */
  readonly #capacities: (number | undefined)[] = [];

  constructor(private readonly maxDelayMs: number) {}

  noteDelay(delayMs: number, at: number): void {
    this.#readings.push({ delayMs, at, after: this.#admitted.length });
  }

  /** `excused`: how much of its own is not held against the tenant. */
  admit(tenantId: string, weight: number, at: number, excused = 0): boolean {
    const capacity = this.#capacityNow();
    if (capacity !== undefined) {
      const amounts = this.#amountsAt(at);
      const own = (amounts.get(tenantId) ?? 0) - excused;
      const others = [...amounts].filter(([other]) => other !== tenantId).map(([, n]) => n);
      if (own > 0 && own >= waterLevel([...others, own], capacity)) return false;
    }
    this.#admitted.push({ tenantId, weight, at });
    return true;
  }

  get isOverloaded(): boolean {
    return this.#capacityNow() !== undefined;
  }

  #capacityNow(): number | undefined {
    const count = this.#readings.length;
    if (!(count in this.#capacities)) this.#capacities[count] = this.#capacityAfterReadings();
    return this.#capacities[count];
  }

  /** In the readings since the last good one; undefined: not overloaded. */
  #capacityAfterReadings(): number | undefined {
    const lastGood = this.#readings.findLastIndex(({ delayMs }) => delayMs <= this.maxDelayMs);
    const bad = this.#readings.slice(lastGood + 1);
    let capacity: number | undefined;
    let floor = 0;
    let since = bad[0]?.at ?? 0;
    let before = 0;
    for (const { at, after, delayMs } of bad) {
      if (at - since < STANDING_MS) continue;
      since = at;
      if (capacity === undefined) {
        const total = [...this.#amountsAt(at, after).values()].reduce((sum, n) => sum + n, 0);
        capacity = total * DECREASE;
        floor = total * FLOOR;
      } else if (delayMs >= before) {
        capacity = Math.max(capacity * DECREASE, floor);
      }
      before = delayMs;
    }
    return capacity;
  }

  #amountsAt(now: number, count = Infinity): Map<string, number> {
    const first = Math.floor(now / SLICE_MS) * SLICE_MS - WINDOW_MS + SLICE_MS;
    const amounts = new Map<string, number>();
    for (const { tenantId, weight, at } of this.#admitted.slice(0, count)) {
      if (at < first) continue;
      amounts.set(tenantId, (amounts.get(tenantId) ?? 0) + weight);
    }
    return amounts;
  }
}

/** The level up to which everybody is served, found by filling up; what is over goes to the largest. */
export function waterLevel(amounts: readonly number[], capacity: number): number {
  const ascending = [...amounts].sort((a, b) => a - b);
  let left = capacity;
  for (const [index, amount] of ascending.entries()) {
    const equal = left / (ascending.length - index);
    if (amount > equal) return equal;
    left -= amount;
  }
  return (ascending.at(-1) ?? 0) + left;
}
