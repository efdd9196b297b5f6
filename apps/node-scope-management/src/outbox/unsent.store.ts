import type { RelaySession } from '../database/relay-database.js';
import type { OutboxPosition } from './outbox-position.js';
import type { UnsentMessage, UnsentMessages, UnsentRequest } from './relay-term.js';

/** A read ends early beyond this, in bytes as stored: large change sets shall not fill the memory. */
const MAX_READ_BYTES = 8 * 1024 * 1024;

/**
 * Reads unsent messages of every tenant.
 *
 * Tenants are found by hopping through the index of unsent messages from one to the next, so those
 * with nothing to send cost nothing. One that has nothing new, because all of it is under way,
 * still makes a row: the limit bounds the hops too.
 */
export async function readUnsent(
  session: RelaySession,
  { afterTenant, held, readThrough, limit, perTenant }: UnsentRequest,
): Promise<UnsentMessages> {
  const rows = await session.query<UnsentRow>(
    `WITH RECURSIVE hop (tenant_id) AS (
       (SELECT min(tenant_id) FROM outbox_messages WHERE sent_at IS NULL AND tenant_id > $1)
       UNION ALL
       SELECT (SELECT min(o.tenant_id) FROM outbox_messages o
               WHERE o.sent_at IS NULL AND o.tenant_id > hop.tenant_id)
       FROM hop WHERE hop.tenant_id IS NOT NULL
     ),
     tenant AS (
       SELECT tenant_id FROM hop
       WHERE tenant_id IS NOT NULL AND tenant_id <> ALL ($2::text[])
       LIMIT $6
     ),
     unsent AS (
       SELECT tenant.tenant_id, next.epoch, next.revision
       FROM tenant
       LEFT JOIN unnest($3::text[], $4::int[], $5::bigint[])
         AS read_through (tenant_id, epoch, revision) ON read_through.tenant_id = tenant.tenant_id
       LEFT JOIN LATERAL (
         SELECT o.epoch, o.revision FROM outbox_messages o
         WHERE o.tenant_id = tenant.tenant_id AND o.sent_at IS NULL
           AND (o.epoch, o.revision)
             > (coalesce(read_through.epoch, 0), coalesce(read_through.revision, 0))
         ORDER BY o.epoch, o.revision
         LIMIT $7
       ) next ON true
       ORDER BY tenant.tenant_id, next.epoch, next.revision
       LIMIT $6
     ),
     weighed AS (
       SELECT unsent.*, o.body,
         sum(pg_column_size(o.body)) OVER (
           ORDER BY unsent.tenant_id, unsent.epoch, unsent.revision ROWS UNBOUNDED PRECEDING) AS bytes
       FROM unsent
       LEFT JOIN outbox_messages o
         ON (o.tenant_id, o.epoch, o.revision) = (unsent.tenant_id, unsent.epoch, unsent.revision)
     )
     SELECT tenant_id, epoch, revision,
       CASE WHEN bytes - pg_column_size(body) < $8 THEN body END AS body
     FROM weighed ORDER BY tenant_id, epoch, revision`,
    [
      afterTenant,
      held,
      readThrough.map((position) => position.tenantId),
      readThrough.map((position) => position.epoch),
      readThrough.map((position) => position.revision),
      limit,
      perTenant,
      MAX_READ_BYTES,
    ],
    'read-unsent',
  );
  return bounded(rows, limit);
}

/**
 * Marks messages as sent.
 *
 * INVARIANT: called only with what the broker confirmed, and in order of each tenant.
 */
export async function markSent(
  session: RelaySession,
  positions: readonly OutboxPosition[],
): Promise<void> {
  await session.query(
    `UPDATE outbox_messages o SET sent_at = now()
     FROM unnest($1::text[], $2::int[], $3::bigint[]) AS sent (tenant_id, epoch, revision)
     WHERE (o.tenant_id, o.epoch, o.revision) = (sent.tenant_id, sent.epoch, sent.revision)
       AND o.sent_at IS NULL`,
    [
      positions.map((position) => position.tenantId),
      positions.map((position) => position.epoch),
      positions.map((position) => position.revision),
    ],
    'mark-sent',
  );
}

/** Takes the lead unless another session has it; it lasts as long as the session. */
export async function tryToLead(session: RelaySession): Promise<boolean> {
  const rows = await session.query<{ leads: boolean }>(
    `SELECT pg_try_advisory_lock(hashtextextended('bastion.outbox-relay', 0)) AS leads`,
  );
  return rows[0]?.leads === true;
}

/** What one tenant has waiting. */
export interface TenantBacklog {
  readonly tenantId: string;
  readonly pending: number;
  readonly oldestCommittedAt: Date;
}

export async function readBacklog(session: RelaySession): Promise<TenantBacklog[]> {
  const rows = await session.query<{ tenant_id: string; pending: string; oldest: Date }>(
    `SELECT tenant_id, count(*) AS pending, min(committed_at) AS oldest
     FROM outbox_messages WHERE sent_at IS NULL GROUP BY tenant_id`,
  );
  return rows.map(({ tenant_id: tenantId, pending, oldest }) => ({
    tenantId,
    pending: Number(pending),
    oldestCommittedAt: oldest,
  }));
}

/** A tenant without anything new has neither revision nor body. */
interface UnsentRow {
  readonly tenant_id: string;
  readonly epoch: number | null;
  readonly revision: string | null;
  readonly body: unknown;
}

/** What came before the limit of messages or of bytes, and whether there is more. */
function bounded(rows: readonly UnsentRow[], limit: number): UnsentMessages {
  const messages: UnsentMessage[] = [];
  for (const { tenant_id: tenantId, epoch, revision, body } of rows) {
    if (epoch === null || revision === null) continue;
    if (body === null) return { messages, stoppedAt: messages.at(-1)?.tenantId ?? null };
    messages.push({ tenantId, epoch, revision: Number(revision), body });
  }
  const last = rows.at(-1);
  return { messages, stoppedAt: last && rows.length >= limit ? last.tenant_id : null };
}
