import type { TenantTransaction } from '../database/app-database.js';
import type { TenantPoint } from './tenant-facts.store.js';

/** The bodies of the messages after one point and up to another of the same epoch, in their order. */
export async function readChangesBetween(
  tx: TenantTransaction,
  from: TenantPoint,
  to: TenantPoint,
): Promise<unknown[]> {
  const rows = await tx.$queryRaw<{ body: unknown }[]>`
    SELECT body FROM outbox_messages
    WHERE epoch = ${to.epoch} AND revision > ${from.revision} AND revision <= ${to.revision}
    ORDER BY revision`;
  return rows.map(({ body }) => body);
}
