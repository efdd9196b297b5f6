import { performance } from 'node:perf_hooks';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';

const EVERY_MS = 20;

/** A loop that had nothing to do for a longer part of the time than is left has no queue. */
const BUSY = 0.9;

/**
 * Measures what a request waits until its turn comes: how much later than asked for a timer fires. Once
 * in a turn of the event loop at most, and the first thing in it.
 */
export class EventLoopProbe implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  /** @param note is told each reading, ms */
  constructor(private readonly note: (delayMs: number) => void) {}

  onApplicationBootstrap(): void {
    this.#measure();
  }

  onApplicationShutdown(): void {
    clearTimeout(this.#timer);
  }

  #measure(): void {
    const due = performance.now() + EVERY_MS;
    const begun = performance.eventLoopUtilization();
    this.#timer = setTimeout(() => {
      const { utilization } = performance.eventLoopUtilization(begun);
      this.note(delayOf(performance.now() - due, utilization));
      this.#measure();
    }, EVERY_MS);
    this.#timer.unref();
  }
}

/**
 * What a timer that fired late says of requests, ms. Where the machine was slow to wake a process
 * without work, nobody waited, and it counts as in time.
 *
 * @param utilization the part of the time since it was set in which the loop had work, 0 to 1
 */
export function delayOf(lateMs: number, utilization: number): number {
  return utilization < BUSY ? 0 : Math.max(0, lateMs);
}
