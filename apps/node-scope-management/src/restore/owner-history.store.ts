import type { TenantTransaction } from '../database/app-database.js';
import { readPosition } from '../facts/index.js';
import type { OwnerDigests } from './history-walk.js';

/**
 * The digests of the transaction's tenant from one revision to another. A message also names the
 * revision before its own, so what the oldest message follows on is known as well.
 *
 * The tenant's revisions rise through all its epochs, so a revision is enough to name one.
 */
export async function readDigests(
  tx: TenantTransaction,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<OwnerDigests> {
  const rows = await tx.$queryRaw<DigestRow[]>`
    SELECT revision, body ->> 'digest' AS digest, body ->> 'previousDigest' AS previous
    FROM outbox_messages WHERE revision BETWEEN ${first} AND ${last + 1}`;
  const [kept] = await tx.$queryRaw<{ oldest: bigint | null }[]>`
    SELECT min(revision) AS oldest FROM outbox_messages`;
  const head = await readPosition(tx);
  const byRevision = new Map<number, string>();
  for (const { revision, digest, previous } of rows) {
    if (previous !== null) byRevision.set(Number(revision) - 1, previous);
    if (digest !== null) byRevision.set(Number(revision), digest);
  }
  if (head) byRevision.set(head.revision, head.historyDigest);
  const oldest = kept?.oldest === null ? undefined : Number(kept?.oldest) - 1;
  return { byRevision, from: oldest ?? head?.revision ?? 0 };
}

interface DigestRow {
  readonly revision: bigint;
  readonly digest: string | null;
  readonly previous: string | null;
}

/** The latest epoch that any consumer of the transaction's tenant has said to be in; 0: none has. */
export async function latestConsumedEpoch(tx: TenantTransaction): Promise<number> {
  const [row] = await tx.$queryRaw<{ epoch: number | null }[]>`
    SELECT max(epoch) AS epoch FROM consumer_positions`;
  return row?.epoch ?? 0;
}
