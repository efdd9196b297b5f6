import type { HeadV1 } from '@bastion/contracts';
import type { HeadsDatabase } from '../database/heads-database.js';

/** How far the named tenants have come, or all when none are named; unknown ones are left out. */
export async function readHeads(
  { client }: HeadsDatabase,
  tenantIds: readonly string[] | undefined,
): Promise<HeadV1[]> {
  const rows = tenantIds
    ? await client.$queryRaw<HeadRow[]>`
        SELECT tenant_id, epoch, revision FROM tenant_counters
        WHERE tenant_id = ANY (${[...tenantIds]}::text[])`
    : await client.$queryRaw<HeadRow[]>`SELECT tenant_id, epoch, revision FROM tenant_counters`;
  return rows.map(({ tenant_id: tenantId, epoch, revision }) => ({
    tenantId,
    epoch,
    revision: Number(revision),
  }));
}

interface HeadRow {
  readonly tenant_id: string;
  readonly epoch: number;
  readonly revision: bigint;
}
