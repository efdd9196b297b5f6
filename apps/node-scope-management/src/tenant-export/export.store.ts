import type { TenantTransaction } from '../database/app-database.js';
import { Prisma } from '../generated/prisma/client.js';
import type { ExportedTable } from './exported-tables.js';

/** Rows read at a time: what an export holds in memory, however large the tenant is. */
const ROWS_PER_READ = 500;

export async function countRows(tx: TenantTransaction, table: string): Promise<number> {
  const rows = await tx.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) AS count FROM ${Prisma.raw(table)}`;
  return Number(rows[0]?.count ?? 0);
}

/** The rows of the transaction's tenant as JSON texts, some at a time. */
export async function* readRows(
  tx: TenantTransaction,
  { table, orderBy, without = [] }: ExportedTable,
): AsyncGenerator<readonly string[]> {
  const cursor = Prisma.raw(`export_${table}`);
  await tx.$executeRaw`
    DECLARE ${cursor} NO SCROLL CURSOR FOR
    SELECT (to_jsonb(t) - ${['tenant_id', ...without]}::text[])::text AS row
    FROM ${Prisma.raw(table)} t ORDER BY ${Prisma.raw(orderBy)}`;
  const limit = Prisma.raw(String(ROWS_PER_READ));
  for (;;) {
    const rows = await tx.$queryRaw<{ row: string }[]>`FETCH ${limit} FROM ${cursor}`;
    if (rows.length > 0) yield rows.map(({ row }) => row);
    if (rows.length < ROWS_PER_READ) break;
  }
  await tx.$executeRaw`CLOSE ${cursor}`;
}

/** The head of the transaction's tenant's audit chain. */
export async function readAuditHead(
  tx: TenantTransaction,
  tenantId: string,
): Promise<{ readonly sequence: number; readonly hash: string }> {
  const { auditSequence, auditHash } = await tx.tenantCounter.findUniqueOrThrow({
    where: { tenantId },
  });
  return { sequence: Number(auditSequence), hash: auditHash };
}
