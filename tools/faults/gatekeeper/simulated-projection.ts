import {
  rowChangesOf,
  rowsOf,
  type AppendResult,
  type Bar,
  type HistoryPoint,
  type Projection,
  type StoredTenant,
} from '@bastion/gatekeeper/machines';
import type { TenantFacts } from '@bastion/policy';
import type { Life } from '../simulation/process.js';
import type { Wire } from '../simulation/wire.js';
import type { ConnectionPool } from './connection-pool.js';
import {
  factsOfRows,
  nameOfRow,
  pointOf,
  type CommitKind,
  type Cursor,
  type ProjectionDatabase,
} from './projection-database.js';
import { ProjectionTransaction } from './projection-transaction.js';

type Changes = Parameters<Projection['append']>[2];
type Head = Parameters<Projection['replace']>[2];

const TIMEOUT_MS = 5_000;
const REPLACE_TIMEOUT_MS = 60_000;

/** The projection as one process writes it: statement by statement what `ProjectionStore` sends. */
export class SimulatedProjection implements Projection {
  constructor(
    private readonly database: ProjectionDatabase,
    private readonly life: Life,
    private readonly pool: ConnectionPool,
    private readonly wire: () => Wire,
    /** Where what is appended comes from. */
    private readonly origin: 'FOLLOW' | 'REPAIR',
  ) {}

  position(tenantId: string): Promise<HistoryPoint | null> {
    return this.#inTenant(tenantId, 'OTHER', (tx) =>
      tx.read('position', (tenant) => (tenant ? pointOf(tenant.cursor) : null)),
    );
  }

  append(tenantId: string, from: HistoryPoint | null, changes: Changes): Promise<AppendResult> {
    return this.#inTenant(tenantId, this.origin, async (tx) => {
      const last = changes.at(-1);
      const { position, matches } = await tx.lock('move cursor', (tenant) => {
        const found = tenant ? pointOf(tenant.cursor) : null;
        return { position: found, matches: isSamePoint(found, from) };
      });
      if (!last || !matches) return { appended: false, position };
      const { epoch, revision, digest, factsDigest } = last;
      const { cleared, written, removed } = rowChangesOf(changes.flatMap(({ events }) => events));
      await tx.write('cursor', (tenant) => ({
        cursor: { epoch, revision, digest, factsDigest, bar: tenant?.cursor.bar ?? null },
        rows: tenant?.rows ?? new Map(),
        history: tenant?.history ?? [],
      }));
      await tx.write('remove rows', (tenant) => {
        const rows = new Map(cleared ? [] : tenant!.rows);
        for (const row of removed) rows.delete(nameOfRow(row));
        return { ...tenant!, rows };
      });
      await tx.write('write rows', (tenant) => {
        const rows = new Map(tenant!.rows);
        for (const row of written) rows.set(nameOfRow(row), row);
        return { ...tenant!, rows };
      });
      await tx.write('write history', (tenant) => ({
        ...tenant!,
        history: cleared ? [last] : [...tenant!.history, ...changes],
      }));
      return { appended: true, position: { epoch, revision, digest } };
    });
  }

  replace(
    tenantId: string,
    from: HistoryPoint | null,
    head: Head,
    facts: TenantFacts,
  ): Promise<HistoryPoint> {
    const swap = async (tx: ProjectionTransaction): Promise<HistoryPoint> => {
      const position = await tx.lock('position for update', (tenant) =>
        tenant ? pointOf(tenant.cursor) : null,
      );
      if (position && (!isSamePoint(position, from) || isBefore(head, position))) return position;
      const { epoch, revision, digest, factsDigest } = head;
      const cursor: Cursor = { epoch, revision, digest, factsDigest, bar: null };
      await tx.write('delete facts', (tenant) => tenant && { ...tenant, rows: new Map() });
      await tx.write('write facts', (tenant) => ({
        cursor,
        rows: new Map(rowsOf(facts).map((row) => [nameOfRow(row), row])),
        history: facts.tenant.deleted ? [] : (tenant?.history ?? []),
      }));
      return { epoch, revision, digest };
    };
    return this.#inTenant(tenantId, 'REPLACE', swap, REPLACE_TIMEOUT_MS);
  }

  async bar(tenantId: string, bar: Bar | null): Promise<void> {
    await this.#inTenant(tenantId, 'OTHER', async (tx) => {
      await tx.lock('lock state', () => undefined);
      await tx.write(
        'state',
        (tenant) => tenant && { ...tenant, cursor: { ...tenant.cursor, bar } },
      );
    });
  }

  /** All facts at the cursor, by one statement; undefined: nothing is there. */
  stored(tenantId: string): Promise<StoredTenant | undefined> {
    return this.#inTenant(tenantId, 'OTHER', (tx) =>
      tx.read('facts', (tenant) => {
        if (!tenant) return undefined;
        const { cursor, rows } = tenant;
        return {
          point: pointOf(cursor),
          factsDigest: cursor.factsDigest,
          facts: factsOfRows(rows),
        };
      }),
    );
  }

  /** Nothing gets old enough within a simulation. */
  forgetHistory(): Promise<void> {
    return Promise.resolve();
  }

  async #inTenant<T>(
    tenantId: string,
    kind: CommitKind,
    run: (tx: ProjectionTransaction) => Promise<T>,
    timeoutMs = TIMEOUT_MS,
  ): Promise<T> {
    const { database, life, pool } = this;
    await pool.take();
    try {
      const tx = new ProjectionTransaction(database, life, this.wire(), tenantId, timeoutMs);
      try {
        const result = await run(tx);
        await tx.commit(kind);
        return result;
      } catch (error) {
        await tx.rollback().catch(() => undefined);
        throw error;
      }
    } finally {
      pool.give();
    }
  }
}

function isSamePoint(a: HistoryPoint | null, b: HistoryPoint | null): boolean {
  if (a === null || b === null) return a === b;
  return a.epoch === b.epoch && a.revision === b.revision && a.digest === b.digest;
}

function isBefore(a: HistoryPoint, b: HistoryPoint): boolean {
  return a.epoch !== b.epoch ? a.epoch < b.epoch : a.revision < b.revision;
}
