import type { MonotonicClock } from '@bastion/gatekeeper/machines';
import type { Random } from './random.js';
import type { VirtualTime } from './virtual-time.js';
import type { Wire } from './wire.js';

/** The time of day at which simulations begin, epoch milliseconds. */
export const BEGINNING = Date.UTC(2026, 0, 1);

/** Decides at every I/O of a process whether it dies there: see `crash-points`. */
export type CrashAt = (process: string, what: string) => 'NOT' | 'BEFORE' | 'AFTER';

interface Held {
  readonly run: () => void;
  /** What arrives over one line is not reordered; what has none may come at any time. */
  readonly line: object | undefined;
}

/**
 * One operating-system process: it can be killed, stopped for a while (SIGSTOP), and its wall clock
 * can be set. Whatever it awaits goes through its present {@link Life}.
 */
export class Process {
  /** How far its wall clock is ahead of the true time, ms. */
  wallAhead = 0;
  #life: Life | undefined;
  #paused = false;
  #held: Held[] = [];

  constructor(
    readonly name: string,
    readonly time: VirtualTime,
    private readonly random: Random,
    readonly crashAt: CrashAt,
  ) {}

  get life(): Life | undefined {
    return this.#life;
  }

  get paused(): boolean {
    return this.#paused;
  }

  start(): Life {
    if (this.#life) throw new Error(`${this.name} runs already`);
    this.#life = new Life(this, this.random);
    return this.#life;
  }

  /** kill -9: nothing it was about to do happens; those it is connected to notice soon. */
  kill(): void {
    const life = this.#life;
    if (!life) return;
    this.time.trace.note(this.time.now, `${this.name} is killed`);
    this.#life = undefined;
    this.#paused = false;
    this.#held = [];
    life.end();
  }

  pause(): void {
    if (this.#life) this.#paused = true;
  }

  /** Everything that has come meanwhile is there at once, in an order that nobody promises. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    const lines = new Map<object, Held[]>();
    for (const held of this.#held.splice(0)) {
      const key = held.line ?? held;
      lines.set(key, [...(lines.get(key) ?? []), held]);
    }
    let delay = 0;
    while (lines.size > 0) {
      const key = this.random.pick([...lines.keys()]);
      const [first, ...rest] = lines.get(key)!;
      if (rest.length > 0) lines.set(key, rest);
      else lines.delete(key);
      delay += 0.001;
      const life = this.#life;
      this.time.after(delay, `${this.name} catches up`, () =>
        life?.deliver(first!.run, first!.line),
      );
    }
  }

  hold(run: () => void, line: object | undefined): void {
    this.#held.push({ run, line });
  }
}

/** A process from its start to its death. */
export class Life {
  alive = true;
  readonly clock: MonotonicClock;
  readonly #whenOver = new Set<() => void>();

  constructor(
    readonly process: Process,
    private readonly random: Random,
  ) {
    this.clock = {
      now: () => this.process.time.now,
      sleep: (ms, signal) => this.#sleep(ms, signal),
    };
  }

  /** Epoch milliseconds, by its own wall clock. */
  wall(): number {
    const { time, wallAhead } = this.process;
    return Math.round(BEGINNING + time.now + wallAhead);
  }

  /** Something reaches the process: at once, when it goes on, or never. */
  deliver(run: () => void, line?: object): void {
    if (!this.alive) return;
    if (this.process.paused) this.process.hold(run, line);
    else run();
  }

  /** Called by the process itself: `run` happens that much later, unless the returned call is made. */
  timer(ms: number, what: string, run: () => void): () => void {
    let over = false;
    const callOff = this.process.time.after(ms, `${this.process.name}: ${what}`, () =>
      this.deliver(() => over || run()),
    );
    return () => {
      over = true;
      callOff();
    };
  }

  /**
   * One I/O: `serve` happens at the other end, and its outcome comes back. It never comes back to a
   * process that died; whether `serve` then still happened depends on how far the request was.
   */
  request<T>(what: string, wire: Wire, serve: () => T | PromiseLike<T>): Promise<T> {
    const { process } = this;
    const { time } = process;
    // Code that runs on after its process died in the midst of it does nothing to anybody.
    if (!this.alive) return new Promise(() => undefined);
    const crash = process.crashAt(process.name, what);
    return new Promise((resolve, reject) => {
      if (crash === 'BEFORE') {
        process.kill();
        return;
      }
      const answer = (how: string, run: () => void): void => {
        if (crash === 'AFTER') process.kill();
        if (!this.alive) return;
        time.after(wire.back(), `${process.name} < ${what}${how}`, () => this.deliver(run, wire));
      };
      time.after(wire.there(), `${process.name} > ${what}`, () => {
        if (!this.alive && this.random.chance(0.5)) return;
        void outcomeOf(serve).then((outcome) =>
          'value' in outcome
            ? answer('', () => resolve(outcome.value))
            : answer(' failed', () => reject(outcome.error)),
        );
      });
    });
  }

  /** What others do once they notice that the process is gone; the returned call forgets it. */
  whenOver(run: () => void): () => void {
    this.#whenOver.add(run);
    return () => this.#whenOver.delete(run);
  }

  end(): void {
    this.alive = false;
    for (const run of this.#whenOver) {
      this.process.time.after(this.random.between(0.1, 20), `${this.process.name} is missed`, run);
    }
  }

  #sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const cut = (): void => {
        cancel();
        resolve();
      };
      const cancel = this.timer(ms, 'wakes', () => {
        signal.removeEventListener('abort', cut);
        resolve();
      });
      signal.addEventListener('abort', cut);
    });
  }
}

async function outcomeOf<T>(
  serve: () => T | PromiseLike<T>,
): Promise<{ readonly value: T } | { readonly error: Error }> {
  try {
    return { value: await serve() };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
