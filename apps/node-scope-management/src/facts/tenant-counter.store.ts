import type { TenantTransaction } from '../database/app-database.js';
import type { TenantPoint, TenantPosition } from './tenant-facts.store.js';

/** The counter row: the tenant's position, what names it, and the head of its audit chain. */
export interface TenantCounter extends TenantPoint {
  /** See contracts, `factsDigestV1`; null: not known. */
  readonly factsDigest: string | null;
  readonly auditSequence: number;
  readonly auditHash: string;
  /** Epoch milliseconds; the chain's clock never goes back. */
  readonly auditAt: number;
}

/**
 * Locks the tenant's counter and reads it. Null: no such tenant.
 *
 * INVARIANT: the first statement of every writing transaction. Whoever holds the lock is the
 * tenant's only writer, so what is read afterwards cannot change before the commit, and commit
 * order = revision order = event order.
 */
export async function lockCounter(tx: TenantTransaction): Promise<TenantCounter | null> {
  const rows = await tx.$queryRaw<CounterRow[]>`
    SELECT epoch, revision, history_digest, facts_digest, audit_sequence, audit_hash, audit_at
    FROM tenant_counters FOR UPDATE`;
  return fromRow(rows[0]);
}

/** The position without the lock, for reads. Null: no such tenant. */
export async function readPosition(tx: TenantTransaction): Promise<TenantPoint | null> {
  const rows = await tx.$queryRaw<Pick<CounterRow, 'epoch' | 'revision' | 'history_digest'>[]>`
    SELECT epoch, revision, history_digest FROM tenant_counters`;
  const row = rows[0];
  if (!row) return null;
  return { epoch: row.epoch, revision: Number(row.revision), historyDigest: row.history_digest };
}

/** How an epoch begins that is not the first. */
export interface EpochBeginning {
  readonly epoch: number;
  /** How far somebody had seen the history that ends; null: nobody was asked. */
  readonly witnessed: TenantPosition | null;
}

/** Begins a new epoch at the same revision. The transaction must hold the tenant's counter. */
export async function beginEpoch(
  tx: TenantTransaction,
  tenantId: string,
  { epoch, witnessed }: EpochBeginning,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE tenant_counters
    SET epoch = ${epoch}, witnessed_epoch = ${witnessed?.epoch ?? null},
        witnessed_revision = ${witnessed?.revision ?? null}
    WHERE tenant_id = ${tenantId}`;
}

/** Writes the counter back at the end of a write; the only place where a revision rises. */
export async function advanceCounter(
  tx: TenantTransaction,
  tenantId: string,
  next: TenantCounter,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE tenant_counters
    SET revision = ${next.revision}, history_digest = ${next.historyDigest},
        facts_digest = ${next.factsDigest}, audit_sequence = ${next.auditSequence},
        audit_hash = ${next.auditHash}, audit_at = ${new Date(next.auditAt)}
    WHERE tenant_id = ${tenantId}`;
}

interface CounterRow {
  readonly epoch: number;
  readonly revision: bigint;
  readonly history_digest: string;
  readonly facts_digest: string | null;
  readonly audit_sequence: bigint;
  readonly audit_hash: string;
  readonly audit_at: Date;
}

function fromRow(row: CounterRow | undefined): TenantCounter | null {
  if (!row) return null;
  return {
    epoch: row.epoch,
    revision: Number(row.revision),
    historyDigest: row.history_digest,
    factsDigest: row.facts_digest,
    auditSequence: Number(row.audit_sequence),
    auditHash: row.audit_hash,
    auditAt: row.audit_at.getTime(),
  };
}
