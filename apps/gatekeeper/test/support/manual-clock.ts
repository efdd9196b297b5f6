import type { MonotonicClock } from '../../src/projection/monotonic-clock.js';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time that passes only when a test says so. */
export class ManualClock implements MonotonicClock {
  #now = 1_000;
  #sleepers: Sleeper[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const sleeper: Sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      });
    });
  }

  /** Lets `ms` pass, waking whoever sleeps at its moment, and all they set in motion to come to rest. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await atRest();
      const next = this.#sleepers
        .filter(({ at }) => at <= end)
        .sort((a, b) => a.at - b.at)
        .at(0);
      if (!next) break;
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.at);
      next.wake();
    }
    this.#now = end;
  }

  /** As a process that was stopped sees it: later, and nothing happened meanwhile. */
  jump(ms: number): void {
    this.#now += ms;
  }
}

/** Resolves when everything has happened that needs no time: turns of the event loop are enough. */
export async function atRest(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
}
