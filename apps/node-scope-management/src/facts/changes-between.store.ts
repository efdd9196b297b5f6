import type { TenantTransaction } from '../database/app-database.js';
import type { TenantPoint } from './tenant-facts.store.js';

/** Of the bodies as they are stored, compressed; what is more takes longer to follow than to read anew. */
const MAX_BYTES = 16 * 1024 * 1024;

/** The bodies of the messages after one point and up to another of its epoch, in order, while there is room. */
export async function readChangesBetween(
  tx: TenantTransaction,
  from: TenantPoint,
  to: TenantPoint,
): Promise<unknown[]> {
  const rows = await tx.$queryRaw<{ body: unknown }[]>`
    SELECT body
    FROM (SELECT revision, body, sum(pg_column_size(body)) OVER (ORDER BY revision) AS bytes
          FROM outbox_messages
          WHERE epoch = ${to.epoch} AND revision > ${from.revision} AND revision <= ${to.revision})
      AS message
    WHERE bytes <= ${MAX_BYTES}
    ORDER BY revision`;
  return rows.map(({ body }) => body);
}
