import type { Prisma } from '../generated/prisma/client.js';
import type { TenantTransaction } from '../database/app-database.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { ChainedEntry, ChainHead } from './audit-chain.js';
import type { AuditEntry, AuditEntryOrderField } from './audit.model.js';
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

export interface AuditEntryFilter {
  readonly operation?: string | null;
  readonly target?: string | null;
  readonly principalId?: string | null;
  /** Inclusive. */
  readonly from?: Date | null;
  /** Exclusive. */
  readonly until?: Date | null;
}

export async function listAuditEntries(
  tx: TenantTransaction,
  { operation, target, principalId, from, until }: AuditEntryFilter,
  page: PageRequest<AuditEntryOrderField>,
): Promise<Page<AuditEntry>> {
  const says = (path: string[], equals: string | null | undefined) =>
    equals ? [{ entry: { path, equals } }] : [];
  const where = {
    occurredAt: { gte: from ?? undefined, lt: until ?? undefined },
    AND: [
      ...says(['operation'], operation),
      ...says(['target'], target),
      ...says(['actor', 'principalId'], principalId),
    ],
  };
  const { after, order, take } = page;
  const place = after && Number(after.id);
  const rows = await tx.auditEntry.findMany({
    where: { ...where, sequence: order.direction === 'ASC' ? { gt: place } : { lt: place } },
    orderBy: { sequence: order.direction === 'ASC' ? 'asc' : 'desc' },
    take: take + 1,
  });
  return toPage(rows.map(toAuditEntry), await tx.auditEntry.count({ where }), page);
}
