import type { OwnerDatabase } from '../owner/owner-database.js';
import { ADMIN_SHUTDOWN, DatabaseError } from '../owner/owner-database.js';
import type { Life } from '../simulation/process.js';
import type { Wire } from '../simulation/wire.js';

/** As `RelayDatabase` of the owner sets them, ms. */
const IDLE_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = IDLE_TIMEOUT_MS / 4;

/**
 * A relay's session with the owner's database, and what hangs on it: the lead, and being notified.
 * Whatever goes wrong ends it.
 */
export class RelaySession {
  /** At the relay's end. */
  ended = false;
  /** Called once, when it has ended. */
  onEnd: () => void = () => undefined;
  onNotify: () => void = () => undefined;
  /** At the server's end. */
  #open = true;
  #last: Promise<unknown> = Promise.resolve();
  #callOffIdle: () => void = () => undefined;
  readonly #forget: (() => void)[] = [];

  private constructor(
    private readonly life: Life,
    private readonly database: OwnerDatabase,
    private readonly wire: Wire,
  ) {}

  static async open(life: Life, database: OwnerDatabase, wire: Wire): Promise<RelaySession> {
    const session = new RelaySession(life, database, wire);
    await life.request('open session', wire, () => {
      if (!database.up) throw new DatabaseError('connection refused', 'ECONNREFUSED');
      session.#serve();
    });
    session.#beat();
    return session;
  }

  /** One statement after those before it. Its failure ends the session. */
  async query<T>(what: string, run: () => T): Promise<T> {
    const result = this.#last.then(() =>
      this.life.request(what, this.wire, () => {
        if (!this.#open) throw new DatabaseError('terminating connection', ADMIN_SHUTDOWN);
        this.#watchIdle();
        return run();
      }),
    );
    this.#last = result.catch(() => this.end());
    return result;
  }

  /** Takes the lead unless another session has it. */
  tryToLead(): Promise<boolean> {
    return this.query('try to lead', () => {
      this.database.leader ??= this;
      return this.database.leader === this;
    });
  }

  /** Gives up everything that hangs on it, without waiting for the server. */
  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.onEnd();
    const { time } = this.life.process;
    time.after(this.wire.there(), 'a relay hangs up', () => this.#close());
  }

  /** The server notifies whoever listens; at most once. */
  notify(): void {
    if (!this.#open) return;
    this.life.process.time.after(this.wire.back(), `${this.life.process.name} is notified`, () =>
      this.life.deliver(() => this.ended || this.onNotify(), this.wire),
    );
  }

  /** The server ends it: a restart, or an administrator. */
  terminate(): void {
    if (!this.#open) return;
    this.#close();
    this.life.process.time.after(
      this.wire.back(),
      `${this.life.process.name} loses its session`,
      () => this.life.deliver(() => this.end(), this.wire),
    );
  }

  #serve(): void {
    const terminate = (): void => this.terminate();
    const notify = (): void => this.notify();
    this.database.onEnd.add(terminate);
    this.database.onCommit.add(notify);
    this.#forget.push(
      () => this.database.onEnd.delete(terminate),
      () => this.database.onCommit.delete(notify),
      this.life.whenOver(() => this.#close()),
    );
    this.#watchIdle();
  }

  #close(): void {
    this.#open = false;
    this.#callOffIdle();
    if (this.database.leader === this) this.database.leader = undefined;
    for (const forget of this.#forget.splice(0)) forget();
  }

  #watchIdle(): void {
    this.#callOffIdle();
    const { time } = this.life.process;
    this.#callOffIdle = time.after(IDLE_TIMEOUT_MS, 'an idle session', () => this.terminate());
  }

  #beat(): void {
    this.life.timer(KEEP_ALIVE_MS, 'keeps its session', () => {
      if (this.ended) return;
      void this.query('keep alive', () => undefined).catch(() => undefined);
      this.#beat();
    });
  }
}
