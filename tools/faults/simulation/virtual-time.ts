import type { Trace } from './trace.js';

interface Entry {
  readonly at: number;
  /** Breaks ties: what was planned first happens first. */
  readonly order: number;
  readonly what: string;
  /** Undefined: it was called off. */
  run: (() => void) | undefined;
}

/**
 * The only clock and the only scheduler of a simulation. Whatever takes time is planned here, and
 * happens at its moment, one thing after the other, each with everything it sets in motion.
 */
export class VirtualTime {
  /** Milliseconds since the simulation began. */
  now = 0;
  /** Called after everything that happens. */
  readonly onStep = new Set<() => void>();
  readonly #plan: Entry[] = [];
  #order = 0;

  constructor(readonly trace: Trace) {}

  /** Answers how to call it off. */
  after(ms: number, what: string, run: () => void): () => void {
    const at = this.now + Math.max(0, ms);
    const entry: Entry = { at, order: (this.#order += 1), what, run };
    this.#push(entry);
    return () => {
      entry.run = undefined;
    };
  }

  sleep(ms: number, what: string): Promise<void> {
    return new Promise((resolve) => void this.after(ms, what, resolve));
  }

  /** Lets time pass until `end`, or until `enough` says so after any of the things that happen. */
  async pass(end: number, enough: () => boolean = () => false): Promise<void> {
    // Whatever was begun just now belongs to this moment.
    await atRest();
    for (;;) {
      const next = this.#plan[0];
      if (!next || next.at > end) break;
      this.#pop();
      if (!next.run) continue;
      this.now = next.at;
      this.trace.note(this.now, next.what);
      next.run();
      await atRest();
      for (const look of this.onStep) look();
      if (enough()) return;
    }
    this.now = Math.max(this.now, end);
  }

  // A binary heap, the earliest entry first.

  #push(entry: Entry): void {
    const plan = this.#plan;
    let at = plan.push(entry) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!isBefore(entry, plan[above]!)) break;
      plan[at] = plan[above]!;
      at = above;
    }
    plan[at] = entry;
  }

  #pop(): void {
    const plan = this.#plan;
    const last = plan.pop();
    if (!last || plan.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= plan.length) break;
      if (below + 1 < plan.length && isBefore(plan[below + 1]!, plan[below]!)) below += 1;
      if (!isBefore(plan[below]!, last)) break;
      plan[at] = plan[below]!;
      at = below;
    }
    plan[at] = last;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at !== b.at ? a.at < b.at : a.order < b.order;
}

/** Resolves when everything has happened that needs no time: the queue of promises runs empty. */
function atRest(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
