import type { HeadV1 } from '@bastion/contracts';
import type { TenantTransaction } from '../database/app-database.js';
import type { HeadsDatabase } from '../database/heads-database.js';
import type { PositionedFacts } from '../facts/index.js';

/** Nothing came before it. */
const FIRST_EPOCH = 1;

type Counter = Omit<PositionedFacts, 'facts'> & { readonly tenantId: string };

/** How far the named tenants have come, or all when none are named; unknown ones are left out. */
export async function readHeads(
  { client }: HeadsDatabase,
  tenantIds: readonly string[] | undefined,
): Promise<HeadV1[]> {
  const named = tenantIds ? [...tenantIds] : null;
  const rows = await client.$queryRaw<HeadRow[]>`
    SELECT tenant_id, epoch, revision, history_digest, facts_digest,
           witnessed_epoch, witnessed_revision
    FROM tenant_counters
    WHERE ${named}::text[] IS NULL OR tenant_id = ANY (${named}::text[])`;
  return rows.map(fromRow);
}

/** How far the transaction's tenant has come; null: there is no such tenant. */
export async function readHead(tx: TenantTransaction): Promise<HeadV1 | null> {
  const [row] = await tx.$queryRaw<HeadRow[]>`
    SELECT tenant_id, epoch, revision, history_digest, facts_digest,
           witnessed_epoch, witnessed_revision
    FROM tenant_counters`;
  return row ? fromRow(row) : null;
}

interface HeadRow {
  readonly tenant_id: string;
  readonly epoch: number;
  readonly revision: bigint;
  readonly history_digest: string;
  readonly facts_digest: string | null;
  readonly witnessed_epoch: number | null;
  readonly witnessed_revision: bigint | null;
}

function fromRow(row: HeadRow): HeadV1 {
  return headOf({
    tenantId: row.tenant_id,
    epoch: row.epoch,
    revision: Number(row.revision),
    historyDigest: row.history_digest,
    factsDigest: row.facts_digest,
    witnessedEpoch: row.witnessed_epoch,
    witnessedRevision: row.witnessed_revision === null ? null : Number(row.witnessed_revision),
  });
}

/** The counter of a tenant as consumers are told of it. */
export function headOf(counter: Counter): HeadV1 {
  const { tenantId, epoch, revision, historyDigest: digest, factsDigest } = counter;
  const { witnessedEpoch, witnessedRevision } = counter;
  const witnessed =
    witnessedEpoch === null || witnessedRevision === null
      ? null
      : { epoch: witnessedEpoch, revision: witnessedRevision };
  const began = epoch === FIRST_EPOCH ? null : { witnessed };
  return { tenantId, epoch, revision, digest, factsDigest, began };
}
