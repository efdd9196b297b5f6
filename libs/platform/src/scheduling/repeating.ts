import { setTimeout as sleep } from 'node:timers/promises';

export interface RepeatingParts {
  /** Does all there is to do now, or as much of it as it can until told to stop. */
  readonly work: (stopping: AbortSignal) => Promise<void>;
  /** Is told of what `work` rejected with; it is tried again the next time. */
  readonly failed: (error: unknown) => void;
  /** From the end of one time to the beginning of the next, ms. */
  readonly pauseMs: number;
}

/** Does something from its start until its end, again and again, one time after the other. */
export class Repeating {
  readonly #stopping = new AbortController();
  #waking = new AbortController();
  #running: Promise<void> | undefined;

  constructor(private readonly parts: RepeatingParts) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** Cuts the pause short: there is something to do. */
  wake(): void {
    this.#waking.abort();
  }

  /** Resolves when the time that is under way has ended; there is no further one. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { work, failed, pauseMs } = this.parts;
    const { signal: stopping } = this.#stopping;
    while (!stopping.aborted) {
      // INVARIANT: before the work, so that whoever wakes it meanwhile is heard.
      this.#waking = new AbortController();
      await work(stopping).catch(failed);
      const cut = AbortSignal.any([stopping, this.#waking.signal]);
      await sleep(pauseMs, undefined, { signal: cut }).catch(() => undefined);
    }
  }
}
