import { ADMIN_SHUTDOWN, DatabaseError } from '../owner/owner-database.js';
import type { Life } from '../simulation/process.js';
import type { Wire } from '../simulation/wire.js';
import type { CommitKind, ProjectedTenant, ProjectionDatabase } from './projection-database.js';

const IDLE_TIMEOUT_MS = 5_000;

type Change = (tenant: ProjectedTenant | undefined) => ProjectedTenant | undefined;

/** One READ COMMITTED transaction in one tenant: what it writes is seen at its commit. */
export class ProjectionTransaction {
  #over = false;
  #kind: CommitKind = 'OTHER';
  readonly #changes: Change[] = [];
  readonly #generation: number;
  readonly #begun: number;
  readonly #forget: () => void;
  #callOffIdle: () => void = () => undefined;

  constructor(
    private readonly database: ProjectionDatabase,
    private readonly life: Life,
    private readonly wire: Wire,
    readonly tenantId: string,
    private readonly timeoutMs: number,
  ) {
    this.#generation = database.generation;
    this.#begun = life.clock.now();
    this.#forget = life.whenOver(() => this.#end());
  }

  /** A statement that reads what is committed. */
  read<T>(what: string, look: (tenant: ProjectedTenant | undefined) => T): Promise<T> {
    return this.#statement(what, () => look(this.database.tenant(this.tenantId)));
  }

  /** A statement that takes the lock of the cursor's row, and then sees what is committed. */
  lock<T>(what: string, look: (tenant: ProjectedTenant | undefined) => T): Promise<T> {
    return this.#statement(what, async () => {
      if (this.database.locks.holderOf(this.tenantId) !== this) {
        await this.database.locks.take(this.tenantId, this);
      }
      this.#check();
      return look(this.database.tenant(this.tenantId));
    });
  }

  write(what: string, change: Change): Promise<void> {
    return this.#statement(what, () => {
      this.#changes.push(change);
    });
  }

  async commit(kind: CommitKind): Promise<void> {
    this.#kind = kind;
    await this.#statement('commit', () => {
      const before = this.database.tenant(this.tenantId);
      const after = this.#changes.reduce<ProjectedTenant | undefined>(
        (tenant, change) => change(tenant),
        before,
      );
      if (after && after !== before) {
        this.database.put(this.tenantId, this.#kind, after, this.life);
      }
      this.#end();
    });
  }

  async rollback(): Promise<void> {
    if (!this.#over) await this.#statement('rollback', () => this.#end());
  }

  #statement<T>(what: string, run: () => T | Promise<T>): Promise<T> {
    if (this.life.clock.now() - this.#begun > this.timeoutMs) {
      this.#end();
      return Promise.reject(new Error('A query cannot be executed on an expired transaction.'));
    }
    return this.life.request(`projection: ${what} of ${this.tenantId}`, this.wire, async () => {
      this.#check();
      const result = await run();
      this.#watchIdle();
      return result;
    });
  }

  #check(): void {
    const { up, generation } = this.database;
    if (up && !this.#over && generation === this.#generation) return;
    this.#end();
    throw new DatabaseError('terminating connection', ADMIN_SHUTDOWN);
  }

  #watchIdle(): void {
    this.#callOffIdle();
    if (this.#over) return;
    const { time } = this.life.process;
    this.#callOffIdle = time.after(IDLE_TIMEOUT_MS, 'idle in transaction', () => this.#end());
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#callOffIdle();
    this.#forget();
    this.database.locks.release(this.tenantId, this);
  }
}
