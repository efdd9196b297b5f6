import type { RelaySession } from '../database/relay-database.js';

/** The tenants whose oldest message was sent longer ago than that, and that somebody follows. */
export async function readTenantsToPurge(session: RelaySession, hours: number): Promise<string[]> {
  const rows = await session.query<{ tenant_id: string }>(
    `SELECT followed.tenant_id
     FROM (SELECT DISTINCT tenant_id FROM consumer_positions WHERE kind = 'PROJECTION') followed
     CROSS JOIN LATERAL (
       SELECT o.sent_at FROM outbox_messages o WHERE o.tenant_id = followed.tenant_id
       ORDER BY o.epoch, o.revision LIMIT 1) oldest
     WHERE oldest.sent_at < now() - $1 * interval '1 hour'
     ORDER BY followed.tenant_id`,
    [hours],
  );
  return rows.map((row) => row.tenant_id);
}

/**
 * Deletes what may go of the oldest messages of a tenant, at most `limit` looked at, and answers how
 * many went.
 *
 * INVARIANT: no message goes that a projection has not reached. One that is fenced knows another
 * history: how far it is in this one nobody can say, and where the two part must stay to be found.
 * With no projection known nothing goes: it may be about to come.
 */
export async function deleteReached(
  session: RelaySession,
  tenantId: string,
  hours: number,
  limit: number,
): Promise<number> {
  const rows = await session.query(
    `DELETE FROM outbox_messages o
     USING (SELECT epoch, revision FROM outbox_messages WHERE tenant_id = $1
            ORDER BY epoch, revision LIMIT $3) oldest
     WHERE o.tenant_id = $1 AND (o.epoch, o.revision) = (oldest.epoch, oldest.revision)
       AND o.sent_at < now() - $2 * interval '1 hour'
       AND EXISTS (SELECT FROM consumer_positions c
                   WHERE c.tenant_id = $1 AND c.kind = 'PROJECTION')
       AND NOT EXISTS (
         SELECT FROM consumer_positions c
         WHERE c.tenant_id = $1 AND c.kind = 'PROJECTION'
           AND (c.state = 'FENCED' OR (c.epoch, c.revision) < (o.epoch, o.revision)))
     RETURNING 1`,
    [tenantId, hours, limit],
  );
  return rows.length;
}
