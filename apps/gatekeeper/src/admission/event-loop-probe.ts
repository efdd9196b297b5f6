import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';

const EVERY_MS = 20;

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
    this.#timer = setTimeout(() => {
      this.note(Math.max(0, performance.now() - due));
      this.#measure();
    }, EVERY_MS);
    this.#timer.unref();
  }
}
