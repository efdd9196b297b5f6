import type { TenantFacts } from '@bastion/policy';
import type { Database, TenantTransaction } from '../database/database.js';
import { hasReached, type Changes, type Position } from '../owner/index.js';
import { rowChangesOf, rowsOf, type FactKey, type FactRow } from './fact-rows.js';

/** A large tenant's rows take longer than a range of changes. */
const REPLACE_TIMEOUT_MS = 60_000;
/** Rows sent in one statement. */
const ROWS_PER_STATEMENT = 5_000;

/** Where the projection is after an attempt to append, and whether the attempt made it so. */
export interface AppendResult {
  readonly appended: boolean;
  readonly position: Position | null;
}

/** Writes the projection, one tenant and one transaction at a time, as the projector's role. */
export class ProjectionStore {
  constructor(private readonly database: Pick<Database, 'inTenant'>) {}

  /** How far the tenant's projection is; null: there is none. */
  position(tenantId: string): Promise<Position | null> {
    return this.database.inTenant(tenantId, (tx) => readPosition(tx, tenantId));
  }

  /**
   * Brings the projection from `from` (null: from nothing) to the end of `changes`, which follow it
   * without a gap, in one transaction. Changes nothing if the projection is elsewhere.
   */
  append(
    tenantId: string,
    from: Position | null,
    changes: readonly Changes[],
  ): Promise<AppendResult> {
    return this.database.inTenant(tenantId, async (tx) => {
      const last = changes.at(-1);
      const appended = last !== undefined && (await moveCursor(tx, tenantId, from, last));
      if (!appended) return { appended, position: await readPosition(tx, tenantId) };
      const { written, removed } = rowChangesOf(changes.flatMap(({ events }) => events));
      await removeRows(tx, tenantId, removed);
      await writeRows(tx, tenantId, written);
      return { appended, position: { epoch: last.epoch, revision: last.revision } };
    });
  }

  /**
   * Swaps in a whole tenant, unless the projection is there or further already. Answers where it is
   * afterwards.
   */
  replace(tenantId: string, head: Position, facts: TenantFacts): Promise<Position> {
    const swap = async (tx: TenantTransaction): Promise<Position> => {
      await tx.$executeRaw`
        INSERT INTO projection_cursors (tenant_id, epoch, revision)
        VALUES (${tenantId}, ${head.epoch}, 0) ON CONFLICT DO NOTHING`;
      const position = await readPosition(tx, tenantId, 'FOR UPDATE');
      // INVARIANT: never back; a snapshot may have been overtaken by changes while it travelled.
      if (position && hasReached(position, head)) return position;
      await tx.$executeRaw`DELETE FROM projected_facts WHERE tenant_id = ${tenantId}`;
      await writeRows(tx, tenantId, rowsOf(facts));
      await tx.$executeRaw`
        UPDATE projection_cursors
        SET epoch = ${head.epoch}, revision = ${head.revision}, updated_at = now()
        WHERE tenant_id = ${tenantId}`;
      return { epoch: head.epoch, revision: head.revision };
    };
    return this.database.inTenant(tenantId, swap, { timeoutMs: REPLACE_TIMEOUT_MS });
  }
}

/**
 * INVARIANT: the first statement of an append, and the only thing that moves a cursor forward by
 * changes: it takes the row's lock, and nothing else is written unless the projection was exactly
 * at `from`.
 */
async function moveCursor(
  tx: TenantTransaction,
  tenantId: string,
  from: Position | null,
  to: Position,
): Promise<boolean> {
  const moved = from
    ? await tx.$executeRaw`
        UPDATE projection_cursors SET revision = ${to.revision}, updated_at = now()
        WHERE tenant_id = ${tenantId} AND epoch = ${from.epoch} AND revision = ${from.revision}`
    : await tx.$executeRaw`
        INSERT INTO projection_cursors (tenant_id, epoch, revision)
        VALUES (${tenantId}, ${to.epoch}, ${to.revision}) ON CONFLICT DO NOTHING`;
  return moved === 1;
}

async function readPosition(
  tx: TenantTransaction,
  tenantId: string,
  lock?: 'FOR UPDATE',
): Promise<Position | null> {
  const rows = lock
    ? await tx.$queryRaw<CursorRow[]>`
        SELECT epoch, revision FROM projection_cursors WHERE tenant_id = ${tenantId} FOR UPDATE`
    : await tx.$queryRaw<CursorRow[]>`
        SELECT epoch, revision FROM projection_cursors WHERE tenant_id = ${tenantId}`;
  const [row] = rows;
  return row ? { epoch: row.epoch, revision: Number(row.revision) } : null;
}

interface CursorRow {
  readonly epoch: number;
  readonly revision: bigint;
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

async function removeRows(
  tx: TenantTransaction,
  tenantId: string,
  keys: readonly FactKey[],
): Promise<void> {
  if (keys.length === 0) return;
  await tx.$executeRaw`
    DELETE FROM projected_facts fact
    USING jsonb_to_recordset(${JSON.stringify(keys)}::jsonb) AS gone (kind text, key text)
    WHERE fact.tenant_id = ${tenantId} AND fact.kind = gone.kind AND fact.key = gone.key`;
}
