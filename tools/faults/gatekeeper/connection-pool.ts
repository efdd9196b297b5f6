import type { Life } from '../simulation/process.js';

/** As Prisma is told to wait, ms. */
const MAX_WAIT_MS = 2_000;

/** Connections of one process to its database: who finds none free waits, and not for ever. */
export class ConnectionPool {
  #used = 0;
  readonly #line: (() => void)[] = [];

  constructor(
    private readonly life: Life,
    private readonly size: () => number,
  ) {}

  async take(): Promise<void> {
    if (this.#used < this.size()) {
      this.#used += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const place = (): void => {
        cancel();
        resolve();
      };
      const cancel = this.life.timer(MAX_WAIT_MS, 'no connection is free', () => {
        this.#line.splice(this.#line.indexOf(place), 1);
        reject(new Error('Unable to start a transaction in the given time.'));
      });
      this.#line.push(place);
    });
  }

  give(): void {
    const next = this.#line.shift();
    if (next) next();
    else this.#used -= 1;
  }
}
