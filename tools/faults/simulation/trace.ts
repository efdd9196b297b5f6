import { createHash } from 'node:crypto';

/** Everything that happened, in order: two runs are the same if their digests are. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #lines: string[] | undefined;
  length = 0;

  /** `keep`: to be read afterwards, not only compared. */
  constructor(keep: boolean) {
    this.#lines = keep ? [] : undefined;
  }

  note(now: number, what: string): void {
    const line = `${now.toFixed(3)} ${what}`;
    this.length += 1;
    this.#hash.update(line).update('\n');
    this.#lines?.push(line);
  }

  get lines(): readonly string[] {
    return this.#lines ?? [];
  }

  /** Of everything up to now. */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
