/** How many wrong secrets are looked at within a {@link WINDOW_MS}. */
export const MOST_FAILURES = 10;
export const WINDOW_MS = 60_000;

/** More than these are never remembered; the oldest goes first. */
const MAX_REMEMBERED = 10_000;

interface Failures {
  readonly since: number;
  readonly count: number;
}

/**
 * Who has failed to authenticate how often of late. A secret of 256 bits is not guessed anyway: this
 * keeps whoever tries from the database. By client and address, so that nobody shuts a client out by
 * failing in its name from somewhere else.
 */
export class FailedAttempts {
  readonly #failures = new Map<string, Failures>();

  /** @param now milliseconds that no one sets back */
  constructor(private readonly now: () => number) {}

  isBlocked(clientId: string, address: string): boolean {
    const found = this.#recent(keyOf(clientId, address));
    return found !== undefined && found.count >= MOST_FAILURES;
  }

  note(clientId: string, address: string): void {
    const key = keyOf(clientId, address);
    const { since, count } = this.#recent(key) ?? { since: this.now(), count: 0 };
    this.#failures.delete(key);
    this.#failures.set(key, { since, count: count + 1 });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MAX_REMEMBERED && oldest !== undefined) this.#failures.delete(oldest);
  }

  forget(clientId: string, address: string): void {
    this.#failures.delete(keyOf(clientId, address));
  }

  #recent(key: string): Failures | undefined {
    const found = this.#failures.get(key);
    return found && this.now() < found.since + WINDOW_MS ? found : undefined;
  }
}

function keyOf(clientId: string, address: string): string {
  return JSON.stringify([clientId, address]);
}
