import { DatabaseError, ADMIN_SHUTDOWN } from './owner-database.js';
import type { OwnerDatabase } from './owner-database.js';
import type { Life } from '../simulation/process.js';
import type { VirtualTime } from '../simulation/virtual-time.js';
import type { Wire } from '../simulation/wire.js';
import type { TenantRows } from './owner-rows.js';

/** As `withTenant` sets them, ms. */
const LOCK_TIMEOUT_MS = 2_500;
const IDLE_TIMEOUT_MS = 5_000;

/** Who takes a lock, and on behalf of which tenant. */
export interface LockTaker {
  readonly tenantId: string;
}

/** A lock was not to be had in time: `holder` still has it. */
export class LockTimeout extends DatabaseError {
  constructor(readonly holder: LockTaker | undefined) {
    super('canceling statement due to lock timeout', '55P03');
  }
}

interface Place {
  readonly who: LockTaker;
  readonly take: () => void;
  readonly refuse: (error: DatabaseError) => void;
}

/** Who waits for a tenant's counter, and who has it. */
export class CounterLocks {
  readonly #holders = new Map<string, LockTaker>();
  readonly #lines = new Map<string, Place[]>();

  constructor(private readonly time: VirtualTime) {}

  holderOf(tenantId: string): LockTaker | undefined {
    return this.#holders.get(tenantId);
  }

  take(tenantId: string, who: LockTaker, timeoutMs = LOCK_TIMEOUT_MS): Promise<void> {
    if (!this.#holders.has(tenantId)) {
      this.#holders.set(tenantId, who);
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const line = this.#lines.get(tenantId) ?? [];
      this.#lines.set(tenantId, line);
      const place: Place = {
        who,
        take: () => {
          callOff();
          resolve();
        },
        refuse: (error) => {
          callOff();
          reject(error);
        },
      };
      line.push(place);
      const callOff = this.time.after(timeoutMs, `lock timeout on ${tenantId}`, () => {
        line.splice(line.indexOf(place), 1);
        reject(new LockTimeout(this.holderOf(tenantId)));
      });
    });
  }

  /** All sessions have ended. */
  clear(): void {
    const waiting = [...this.#lines.values()].flatMap((line) => line.splice(0));
    this.#holders.clear();
    for (const { refuse } of waiting) {
      refuse(terminated());
    }
  }

  release(tenantId: string, who: LockTaker): void {
    const line = this.#lines.get(tenantId) ?? [];
    const waiting = line.findIndex((place) => place.who === who);
    // Its session is over: nobody is told, and its timeout finds it gone.
    if (waiting >= 0) line.splice(waiting, 1)[0]!.refuse(terminated());
    if (this.#holders.get(tenantId) !== who) return;
    this.#holders.delete(tenantId);
    const next = line.shift();
    if (!next) return;
    this.#holders.set(tenantId, next.who);
    next.take();
  }
}

/** One transaction in one tenant, on a connection of its own. */
export class OwnerTransaction {
  #over = false;
  #commit: (() => void) | undefined;
  #callOffIdle: () => void = () => undefined;
  readonly #generation: number;
  readonly #forget: () => void;

  constructor(
    private readonly database: OwnerDatabase,
    private readonly locks: CounterLocks,
    private readonly life: Life,
    private readonly wire: Wire,
    readonly tenantId: string,
  ) {
    this.#generation = database.generation;
    this.#forget = life.whenOver(() => this.#end());
  }

  /** `SELECT … FOR UPDATE` of the tenant's counter. */
  lock(): Promise<TenantRows | undefined> {
    return this.#statement('lock counter', async () => {
      await this.locks.take(this.tenantId, this);
      // Its session may have ended while it waited in line.
      this.#check();
      return this.database.rows(this.tenantId);
    });
  }

  read<T>(what: string, look: (rows: TenantRows | undefined) => T): Promise<T> {
    return this.#statement(what, () => look(this.database.rows(this.tenantId)));
  }

  /** What is written, seen by nobody before the commit. */
  write(what: string, commit: () => void): Promise<void> {
    return this.#statement(what, () => {
      this.#commit = commit;
    });
  }

  async commit(): Promise<void> {
    await this.#statement('commit', () => {
      this.#commit?.();
      this.#end();
    });
  }

  async rollback(): Promise<void> {
    if (this.#over) return;
    await this.#statement('rollback', () => this.#end());
  }

  async #statement<T>(what: string, run: () => T | Promise<T>): Promise<T> {
    const name = `${what} of ${this.tenantId}`;
    return this.life.request(name, this.wire, async () => {
      this.#check();
      const result = await run();
      this.#watchIdle();
      return result;
    });
  }

  #check(): void {
    const isEnded = this.#over || this.#generation !== this.database.generation;
    if (isEnded || !this.database.up) {
      this.#end();
      throw terminated();
    }
  }

  #watchIdle(): void {
    this.#callOffIdle();
    if (this.#over) return;
    const { time } = this.life.process;
    this.#callOffIdle = time.after(IDLE_TIMEOUT_MS, 'idle in transaction', () => this.#end());
  }

  /** Committed or rolled back, the locks are free. */
  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#callOffIdle();
    this.#forget();
    this.locks.release(this.tenantId, this);
  }
}

function terminated(): DatabaseError {
  return new DatabaseError('terminating connection', ADMIN_SHUTDOWN);
}
