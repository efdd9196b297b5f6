import type { RelaySession } from '../database/relay-database.js';

/** A stretch of time, by when the owner committed: from the first moment up to before the other. */
export interface CommitWindow {
  readonly from: Date;
  readonly to: Date;
}

/** What of one tenant and epoch was committed in a window, and is still kept. */
export interface WindowedMessages {
  readonly tenantId: string;
  readonly epoch: number;
  readonly firstRevision: number;
  readonly lastRevision: number;
  readonly messages: number;
  /** Of these, not sent yet, so that they will be without being replayed. */
  readonly waiting: number;
}

/** A few messages that are unsent again. */
export interface ReplayedChunk {
  readonly count: number;
  readonly lastRevision: number;
}

/** Every tenant that has messages, found by hopping through the primary key from one to the next. */
export async function readTenantsWithMessages(session: RelaySession): Promise<string[]> {
  const rows = await session.query<{ tenant_id: string }>(
    `WITH RECURSIVE hop (tenant_id) AS (
       (SELECT min(tenant_id) FROM outbox_messages)
       UNION ALL
       SELECT (SELECT min(o.tenant_id) FROM outbox_messages o WHERE o.tenant_id > hop.tenant_id)
       FROM hop WHERE hop.tenant_id IS NOT NULL
     )
     SELECT tenant_id FROM hop WHERE tenant_id IS NOT NULL`,
  );
  return rows.map((row) => row.tenant_id);
}

export async function readWindow(
  session: RelaySession,
  tenantId: string,
  { from, to }: CommitWindow,
): Promise<WindowedMessages[]> {
  const rows = await session.query<WindowRow>(
    `SELECT epoch, min(revision) AS first, max(revision) AS last,
       count(*) AS messages, count(*) FILTER (WHERE sent_at IS NULL) AS waiting
     FROM outbox_messages
     WHERE tenant_id = $1 AND committed_at >= $2 AND committed_at < $3
     GROUP BY epoch ORDER BY epoch`,
    [tenantId, from, to],
  );
  return rows.map((row) => ({
    tenantId,
    epoch: row.epoch,
    firstRevision: Number(row.first),
    lastRevision: Number(row.last),
    messages: Number(row.messages),
    waiting: Number(row.waiting),
  }));
}

/**
 * Makes the next messages of a window unsent, at most `limit` after a revision, and tells the relay.
 * Null: there are no more that were sent.
 *
 * The rows are those that `markSent` does not touch, and the other way round.
 */
export async function markUnsent(
  session: RelaySession,
  { tenantId, epoch, lastRevision }: WindowedMessages,
  { from, to }: CommitWindow,
  after: number,
  limit: number,
): Promise<ReplayedChunk | null> {
  const [row] = await session.query<{ count: string; last: string | null }>(
    `WITH chunk AS (
       SELECT revision FROM outbox_messages
       WHERE tenant_id = $1 AND epoch = $2 AND revision > $3 AND revision <= $4
         AND committed_at >= $5 AND committed_at < $6 AND sent_at IS NOT NULL
       ORDER BY revision LIMIT $7
     ), unsent AS (
       UPDATE outbox_messages o SET sent_at = NULL FROM chunk
       WHERE o.tenant_id = $1 AND o.epoch = $2 AND o.revision = chunk.revision
         AND o.sent_at IS NOT NULL
       RETURNING o.revision
     )
     SELECT count(*) AS count, max(revision) AS last, pg_notify('outbox', $1) FROM unsent`,
    [tenantId, epoch, after, lastRevision, from, to, limit],
  );
  if (!row || row.last === null) return null;
  return { count: Number(row.count), lastRevision: Number(row.last) };
}

/** How many of a tenant's messages wait after a revision and up to another. */
export async function countUnsent(
  session: RelaySession,
  { tenantId, epoch }: WindowedMessages,
  after: number,
  through: number,
): Promise<number> {
  const [row] = await session.query<{ count: string }>(
    `SELECT count(*) AS count FROM outbox_messages
     WHERE tenant_id = $1 AND epoch = $2 AND revision > $3 AND revision <= $4 AND sent_at IS NULL`,
    [tenantId, epoch, after, through],
  );
  return Number(row?.count ?? 0);
}

interface WindowRow {
  readonly epoch: number;
  readonly first: string;
  readonly last: string;
  readonly messages: string;
  readonly waiting: string;
}
