import { type AccessChangedV1, accessChangedV1, type HeadV1 } from '@bastion/contracts';
import type { TenantTransaction } from '../database/app-database.js';

/** Appends a committed revision's message; its row is written in the revision's own transaction. */
export async function appendToOutbox(
  tx: TenantTransaction,
  message: AccessChangedV1,
): Promise<void> {
  const { tenantId, epoch, revision, committedAt } = message;
  await tx.outboxMessage.create({
    data: {
      tenantId,
      epoch,
      revision,
      body: message,
      committedAt: new Date(committedAt),
    },
  });
}

/** The digest of a revision as it is here; null: it is no longer kept, or never was. */
export async function readDigestAt(
  tx: TenantTransaction,
  head: HeadV1,
  { epoch, after }: { readonly epoch: number; readonly after: number },
): Promise<string | null> {
  if (epoch === head.epoch && after === head.revision) return head.digest;
  const rows = await tx.$queryRaw<{ digest: string | null }[]>`
    SELECT body ->> 'digest' AS digest FROM outbox_messages
    WHERE epoch = ${epoch} AND revision = ${after}`;
  return rows[0]?.digest ?? null;
}

/**
 * The tenant's messages after a revision, in order: at most `limit`, and no more once they fill
 * `maxBytes` as stored, where they may be compressed.
 */
export async function readOutboxAfter(
  tx: TenantTransaction,
  {
    epoch,
    after,
    limit,
  }: { readonly epoch: number; readonly after: number; readonly limit: number },
  maxBytes: number,
): Promise<AccessChangedV1[]> {
  const rows = await tx.$queryRaw<{ body: unknown }[]>`
    SELECT body FROM (
      SELECT revision, body,
        sum(pg_column_size(body)) OVER (ORDER BY revision) - pg_column_size(body) AS bytes_before
      FROM (SELECT revision, body FROM outbox_messages
            WHERE epoch = ${epoch} AND revision > ${after} ORDER BY revision LIMIT ${limit}) kept
    ) weighed
    WHERE bytes_before < ${maxBytes} ORDER BY revision`;
  return rows.map((row) => accessChangedV1.parse(row.body));
}

/** When revisions of the transaction's tenant were committed, as far as their messages are kept. */
export async function readCommitTimes(
  tx: TenantTransaction,
  revisions: readonly number[],
): Promise<ReadonlyMap<number, Date>> {
  const rows = await tx.outboxMessage.findMany({
    where: { revision: { in: [...revisions] } },
    select: { revision: true, committedAt: true },
  });
  return new Map(rows.map(({ revision, committedAt }) => [Number(revision), committedAt]));
}
