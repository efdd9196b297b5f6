import { setTimeout as sleep } from 'node:timers/promises';

/** Time that neither jumps nor goes back, whatever happens to the wall clock. */
export interface MonotonicClock {
  /** Milliseconds since some moment; they go on while the process is stopped. */
  now(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const systemMonotonicClock: MonotonicClock = {
  now: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
