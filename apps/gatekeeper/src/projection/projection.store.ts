import type { TenantFacts } from '@bastion/policy';
import type { Database, TenantTransaction } from '../database/database.js';
import {
  comparePositions,
  isSamePoint,
  type Changes,
  type Head,
  type HistoryPoint,
} from '../owner/index.js';
import type { Bar } from './snapshot.holder.js';
import { rowChangesOf, rowsOf, type FactKey, type FactRow } from './fact-rows.js';

/** A large tenant's rows take longer than a range of changes. */
const REPLACE_TIMEOUT_MS = 60_000;
/** Rows sent in one statement. */
const ROWS_PER_STATEMENT = 5_000;

/** Where the projection is after an attempt to append, and whether the attempt made it so. */
export interface AppendResult {
  readonly appended: boolean;
  readonly position: HistoryPoint | null;
}

/** Writes the projection, one tenant and one transaction at a time, as the projector's role. */
export class ProjectionStore {
  constructor(private readonly database: Pick<Database, 'inTenant'>) {}

  /** How far the tenant's projection is; null: there is none. */
  position(tenantId: string): Promise<HistoryPoint | null> {
    return this.database.inTenant(tenantId, (tx) => readPosition(tx, tenantId));
  }

  /**
   * Brings the projection from `from` (null: from nothing) to the end of `changes`, which follow it
   * without a gap, in one transaction. Changes nothing if the projection is elsewhere. What was
   * applied is kept as history: an owner that is restored has lost it. Of a deleted tenant only the
   * tombstone is kept, and that it was deleted.
   */
  append(
    tenantId: string,
    from: HistoryPoint | null,
    changes: readonly Changes[],
  ): Promise<AppendResult> {
    const last = changes.at(-1);
    const { cleared, ...rows } = rowChangesOf(changes.flatMap(({ events }) => events));
    const append = async (tx: TenantTransaction): Promise<AppendResult> => {
      const appended = last !== undefined && (await moveCursor(tx, tenantId, from, last));
      if (!appended) return { appended, position: await readPosition(tx, tenantId) };
      if (cleared) await clear(tx, tenantId);
      await writeChanges(tx, tenantId, { ...rows, history: cleared ? [last] : changes });
      const { epoch, revision, digest } = last;
      return { appended, position: { epoch, revision, digest } };
    };
    return this.database.inTenant(
      tenantId,
      append,
      cleared ? { timeoutMs: REPLACE_TIMEOUT_MS } : {},
    );
  }

  /**
   * Swaps in a whole tenant in the place of what is at `from`, and ends whatever barred it. Changes
   * nothing if the projection is elsewhere. Answers where it is afterwards.
   */
  replace(
    tenantId: string,
    from: HistoryPoint | null,
    head: Head,
    facts: TenantFacts,
  ): Promise<HistoryPoint> {
    const { epoch, revision, digest } = head;
    const swap = async (tx: TenantTransaction): Promise<HistoryPoint> => {
      const begun = await tx.$executeRaw`
        INSERT INTO projection_cursors (tenant_id, epoch, revision)
        VALUES (${tenantId}, ${epoch}, 0) ON CONFLICT DO NOTHING`;
      const position = begun === 1 ? null : await readPosition(tx, tenantId, 'FOR UPDATE');
      // INVARIANT: never back, and only in the place of what the owner was asked with: changes that
      // overtook the snapshot may be of a history which the owner has lost, and are its witness.
      const isThere = position === null || isSamePoint(position, from);
      if (position && (!isThere || comparePositions(position, head) > 0)) return position;
      if (facts.tenant.deleted) await clear(tx, tenantId);
      else await tx.$executeRaw`DELETE FROM projected_facts WHERE tenant_id = ${tenantId}`;
      await writeRows(tx, tenantId, rowsOf(facts));
      await tx.$executeRaw`
        UPDATE projection_cursors
        SET epoch = ${epoch}, revision = ${revision}, digest = ${digest},
            facts_digest = ${head.factsDigest}, state = 'FOLLOWING', state_reason = NULL,
            state_since = now(), updated_at = now()
        WHERE tenant_id = ${tenantId}`;
      return { epoch, revision, digest };
    };
    return this.database.inTenant(tenantId, swap, { timeoutMs: REPLACE_TIMEOUT_MS });
  }

  /** Notes that nothing of the tenant may be answered, and why; null: that it may again. */
  async bar(tenantId: string, bar: Bar | null): Promise<void> {
    const state = bar?.state ?? 'FOLLOWING';
    await this.database.inTenant(
      tenantId,
      (tx) => tx.$executeRaw`
        UPDATE projection_cursors
        SET state = ${state}, state_reason = ${bar?.reason ?? null}, state_since = now()
        WHERE tenant_id = ${tenantId} AND state <> ${state}`,
    );
  }

  /** Forgets the history that was applied longer ago than that. */
  async forgetHistory(tenantId: string, days: number): Promise<void> {
    await this.database.inTenant(
      tenantId,
      (tx) => tx.$executeRaw`
        DELETE FROM projection_history
        WHERE tenant_id = ${tenantId} AND applied_at < now() - ${days} * interval '1 day'`,
    );
  }
}

/**
 * INVARIANT: the first statement of an append, and the only thing that moves a cursor forward by
 * changes: it takes the row's lock, and nothing else is written unless the projection was exactly
 * at `from`, in the same history.
 */
async function moveCursor(
  tx: TenantTransaction,
  tenantId: string,
  from: HistoryPoint | null,
  to: Changes,
): Promise<boolean> {
  const moved = from
    ? await tx.$executeRaw`
        UPDATE projection_cursors
        SET revision = ${to.revision}, digest = ${to.digest}, facts_digest = ${to.factsDigest},
            updated_at = now()
        WHERE tenant_id = ${tenantId} AND epoch = ${from.epoch} AND revision = ${from.revision}
          AND digest = ${from.digest}`
    : await tx.$executeRaw`
        INSERT INTO projection_cursors (tenant_id, epoch, revision, digest, facts_digest)
        VALUES (${tenantId}, ${to.epoch}, ${to.revision}, ${to.digest}, ${to.factsDigest})
        ON CONFLICT DO NOTHING`;
  return moved === 1;
}

async function readPosition(
  tx: TenantTransaction,
  tenantId: string,
  lock?: 'FOR UPDATE',
): Promise<HistoryPoint | null> {
  const rows = lock
    ? await tx.$queryRaw<CursorRow[]>`
        SELECT epoch, revision, digest FROM projection_cursors
        WHERE tenant_id = ${tenantId} FOR UPDATE`
    : await tx.$queryRaw<CursorRow[]>`
        SELECT epoch, revision, digest FROM projection_cursors WHERE tenant_id = ${tenantId}`;
  const [row] = rows;
  return row ? { ...row, revision: Number(row.revision) } : null;
}

interface CursorRow {
  readonly epoch: number;
  readonly revision: bigint;
  readonly digest: string;
}

/** What was deleted is not kept as history either: it says who somebody is at the identity provider. */
async function clear(tx: TenantTransaction, tenantId: string): Promise<void> {
  await tx.$executeRaw`DELETE FROM projected_facts WHERE tenant_id = ${tenantId}`;
  await tx.$executeRaw`DELETE FROM projection_history WHERE tenant_id = ${tenantId}`;
}

/** In one statement, of which each part touches rows of its own: no fact is removed and written. */
async function writeChanges(
  tx: TenantTransaction,
  tenantId: string,
  {
    removed,
    written,
    history,
  }: {
    readonly removed: readonly FactKey[];
    readonly written: readonly FactRow[];
    readonly history: readonly Changes[];
  },
): Promise<void> {
  const entries = history.map(({ epoch, revision, digest, events }) => ({
    epoch,
    revision,
    digest,
    events,
  }));
  await tx.$executeRaw`
    WITH removed AS (
      DELETE FROM projected_facts fact
      USING jsonb_to_recordset(${JSON.stringify(removed)}::jsonb) AS gone (kind text, key text)
      WHERE fact.tenant_id = ${tenantId} AND fact.kind = gone.kind AND fact.key = gone.key
    ), written AS (
      INSERT INTO projected_facts (tenant_id, kind, key, fact)
      SELECT ${tenantId}, kind, key, fact
      FROM jsonb_to_recordset(${JSON.stringify(written)}::jsonb) AS row (kind text, key text, fact jsonb)
      ON CONFLICT (tenant_id, kind, key) DO UPDATE SET fact = excluded.fact
    )
    INSERT INTO projection_history (tenant_id, epoch, revision, digest, events)
    SELECT ${tenantId}, epoch, revision, digest, events
    FROM jsonb_to_recordset(${JSON.stringify(entries)}::jsonb)
         AS entry (epoch int, revision bigint, digest text, events jsonb)
    ON CONFLICT (tenant_id, epoch, revision) DO UPDATE
    SET digest = excluded.digest, events = excluded.events, applied_at = now()`;
}

async function writeRows(
  tx: TenantTransaction,
  tenantId: string,
  rows: readonly FactRow[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_PER_STATEMENT) {
    const batch = JSON.stringify(rows.slice(at, at + ROWS_PER_STATEMENT));
    await tx.$executeRaw`
      INSERT INTO projected_facts (tenant_id, kind, key, fact)
      SELECT ${tenantId}, kind, key, fact
      FROM jsonb_to_recordset(${batch}::jsonb) AS row (kind text, key text, fact jsonb)
      ON CONFLICT (tenant_id, kind, key) DO UPDATE SET fact = excluded.fact`;
  }
}
