import type { MonotonicClock } from './monotonic-clock.js';
import type { ProjectionLogger } from './projection-logger.js';

export interface PollerParts {
  /** For the log. */
  readonly what: string;
  /** From the beginning of one round to that of the next, if the round does not take longer. */
  readonly intervalMs: number;
  readonly round: () => Promise<void>;
  readonly clock: MonotonicClock;
  readonly logger: ProjectionLogger;
}

/** Does the same thing again and again, one round at a time, however the rounds end. */
export class Poller {
  readonly #stopping = new AbortController();
  #failures = 0;
  #rounds: Promise<void> | undefined;

  constructor(private readonly parts: PollerParts) {}

  start(): void {
    this.#rounds ??= this.#run();
  }

  /** Begins no further round and resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#rounds;
  }

  async #run(): Promise<void> {
    const { clock, intervalMs } = this.parts;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const began = clock.now();
      await this.#once();
      await clock.sleep(Math.max(0, began + intervalMs - clock.now()), signal);
    }
  }

  async #once(): Promise<void> {
    const { what, round, logger } = this.parts;
    try {
      await round();
      if (this.#failures > 0) logger.info({ failures: this.#failures }, `${what} works again`);
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      // Once a minute of failing is enough to read; the first time is told at once.
      const tell = this.#failures === 1 || this.#failures % 60 === 0;
      if (tell) logger.warn({ err: error, failures: this.#failures }, `${what} failed`);
    }
  }
}
