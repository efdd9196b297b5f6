import type { Prisma } from '../generated/prisma/client.js';
import type { TenantTransaction } from '../database/app-database.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { ChainedEntry, ChainHead } from './audit-chain.js';
import type { AuditEntry } from './audit.model.js';
import { toAuditEntry } from './to-audit-entry.js';

export async function appendToAudit(
  tx: TenantTransaction,
  tenantId: string,
  link: ChainedEntry,
): Promise<void> {
  await tx.auditEntry.create({
    data: {
      tenantId,
      sequence: link.sequence,
      occurredAt: new Date(link.at),
      entry: link.entry as Prisma.InputJsonObject,
      previousHash: link.previousHash,
      hash: link.hash,
    },
  });
}

/** Where the tenant's counter says that the chain ends, and where it does. */
export interface AuditExtent {
  readonly head: Pick<ChainHead, 'sequence' | 'hash'>;
  readonly lastSequence: number;
}

/** Both at one moment. Null: no such tenant; the chain of a deleted one is erased with it. */
export async function readAuditExtent(tx: TenantTransaction): Promise<AuditExtent | null> {
  const rows = await tx.$queryRaw<{ sequence: bigint; hash: string; last: bigint | null }[]>`
    SELECT audit_sequence AS sequence, audit_hash AS hash,
      (SELECT max(sequence) FROM audit_entries) AS last
    FROM tenant_counters JOIN tenants USING (tenant_id) WHERE deleted_at IS NULL`;
  const row = rows[0];
  if (!row) return null;
  const head = { sequence: Number(row.sequence), hash: row.hash };
  return { head, lastSequence: Number(row.last ?? 0) };
}

/** Entries after one and up to another, in order, at most `limit`. */
export async function readChain(
  tx: TenantTransaction,
  after: number,
  through: number,
  limit: number,
): Promise<ChainedEntry[]> {
  const rows = await tx.auditEntry.findMany({
    where: { sequence: { gt: after, lte: through } },
    orderBy: { sequence: 'asc' },
    take: limit,
  });
  return rows.map(({ sequence, occurredAt, entry, previousHash, hash }) => ({
    sequence: Number(sequence),
    at: occurredAt.getTime(),
    entry: entry as Record<string, unknown>,
    previousHash,
    hash,
  }));
}

export async function listAuditEntries(
  tx: TenantTransaction,
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  const rows = await tx.auditEntry.findMany({
    where: { sequence: { gt: Number(page.afterId ?? 0) } },
    orderBy: { sequence: 'asc' },
    take: page.take + 1,
  });
  return toPage(rows.map(toAuditEntry), await tx.auditEntry.count(), page);
}
