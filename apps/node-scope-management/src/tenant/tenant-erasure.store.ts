import type { TenantTransaction } from '../database/app-database.js';
import { Prisma } from '../generated/prisma/client.js';
import { readErasedRows } from './tenant.store.js';

/**
 * The tables of which nothing is left of a deleted tenant, in an order that the foreign keys allow, and
 * which rows may go where not all may at once. A test holds the list to the database.
 */
const ERASED: readonly { readonly table: string; readonly onlyWhere?: Prisma.Sql }[] = [
  { table: 'background_jobs' },
  { table: 'role_assignments' },
  { table: 'memberships' },
  { table: 'resources' },
  // From the leaves up.
  {
    table: 'scopes',
    onlyWhere: Prisma.sql`NOT EXISTS (
      SELECT FROM scopes child
      WHERE child.tenant_id = r.tenant_id AND child.parent_id = r.id)`,
  },
  { table: 'groups' },
  { table: 'role_versions' },
  { table: 'roles' },
  { table: 'resource_types' },
  { table: 'catalogue_registrations' },
  { table: 'external_ids' },
  { table: 'users' },
  { table: 'service_account_credentials' },
  { table: 'service_accounts' },
  { table: 'restored_grants' },
  { table: 'restore_witnesses' },
  { table: 'idempotency_keys' },
  { table: 'audit_entries' },
  // The last message says that the tenant is deleted: whoever was away asks for it, and the relay may
  // have it still to send.
  {
    table: 'outbox_messages',
    onlyWhere: Prisma.sql`EXISTS (
      SELECT FROM tenant_counters c
      WHERE c.tenant_id = r.tenant_id AND (r.epoch, r.revision) < (c.epoch, c.revision))`,
  },
  // A deletion that waits until it is enforced everywhere looks for whoever may still answer.
  {
    table: 'consumer_positions',
    onlyWhere: Prisma.sql`(r.lease_until <= now() OR EXISTS (
      SELECT FROM tenant_counters c
      WHERE c.tenant_id = r.tenant_id AND (r.epoch, r.revision) >= (c.epoch, c.revision)))`,
  },
];

export const ERASED_TABLES = ERASED.map(({ table }) => table);

/**
 * Erases the next rows of the transaction's tenant, at most `limit`, and counts them in its tombstone.
 * ERASED: some. GONE: there are none left. WAITING: what is left may not go yet. BUSY: another process is
 * at it. DONE: it was erased before, or is not deleted at all.
 */
export async function eraseRows(
  tx: TenantTransaction,
  tenantId: string,
  limit: number,
): Promise<'ERASED' | 'GONE' | 'WAITING' | 'BUSY' | 'DONE'> {
  if (!(await tx.tenant.count({ where: { tenantId, deletedAt: { not: null }, erasedAt: null } }))) {
    return 'DONE';
  }
  const [held] = await tx.$queryRaw<{ erased_rows: unknown }[]>`
    SELECT erased_rows FROM tenants WHERE tenant_id = ${tenantId} FOR UPDATE SKIP LOCKED`;
  if (!held) return 'BUSY';

  const erasedRows = readErasedRows(held.erased_rows);
  let left = limit;
  for (const { table, onlyWhere = Prisma.sql`true` } of ERASED) {
    if (left === 0) break;
    const name = Prisma.raw(table);
    const count = await tx.$executeRaw`
      DELETE FROM ${name} WHERE ctid = ANY (ARRAY(
        SELECT r.ctid FROM ${name} r
        WHERE r.tenant_id = ${tenantId} AND ${onlyWhere} LIMIT ${left}))`;
    if (count > 0) erasedRows[table] = (erasedRows[table] ?? 0) + count;
    left -= count;
  }
  if (left < limit) {
    await tx.tenant.updateMany({ where: { tenantId }, data: { erasedRows } });
    return 'ERASED';
  }
  // Consumers alone are ever waited for.
  return (await tx.consumerPosition.count({ where: { tenantId } })) === 0 ? 'GONE' : 'WAITING';
}

/** What is left of a tenant when all else is erased, for the audit of `platform`. Ids and counts only. */
export interface Tombstone {
  readonly deletedAt: string;
  readonly epoch: number;
  readonly revision: number;
  /** The head of the audit chain that was erased with the tenant. */
  readonly audit: { readonly sequence: number; readonly hash: string };
  readonly erasedRows: Readonly<Record<string, number>>;
}

/** Null: the tenant was not deleted, or its erasure is over and done. */
export async function readTombstone(
  tx: TenantTransaction,
  tenantId: string,
): Promise<Tombstone | null> {
  const row = await tx.tenant.findFirst({
    where: { tenantId, deletedAt: { not: null }, erasedAt: null },
    include: { counter: true },
  });
  if (!row?.deletedAt || !row.counter) return null;
  const { epoch, revision, auditSequence, auditHash } = row.counter;
  return {
    deletedAt: row.deletedAt.toISOString(),
    epoch,
    revision: Number(revision),
    audit: { sequence: Number(auditSequence), hash: auditHash },
    erasedRows: readErasedRows(row.erasedRows),
  };
}

export async function markErased(tx: TenantTransaction, tenantId: string): Promise<void> {
  await tx.tenant.updateMany({
    where: { tenantId, deletedAt: { not: null }, erasedAt: null },
    data: { erasedAt: new Date() },
  });
}

/** The tenants whose rows are not all erased yet, in a transaction of `platform`. */
export async function listUnerased(tx: TenantTransaction): Promise<string[]> {
  const rows = await tx.tenant.findMany({
    where: { deletedAt: { not: null }, erasedAt: null },
    select: { tenantId: true },
    orderBy: { deletedAt: 'asc' },
  });
  return rows.map(({ tenantId }) => tenantId);
}
