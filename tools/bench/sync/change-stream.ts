import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

interface Progress {
  revision: number;
  digest: string;
  /** Groups that were created and not deleted. */
  readonly groups: string[];
}

interface Change {
  readonly tenantId: string;
  readonly revision: number;
  readonly body: object;
  readonly created: string | null;
  readonly deleted: string | null;
}

/**
 * Commits change sets straight into the owner's rows, as its writers would, at rates that the writers'
 * own work would not leave room for on a small machine: what is measured is what comes after.
 */
export class ChangeStream {
  private readonly tenants = new Map<string, Progress>();
  private count = 0;

  private constructor(private readonly client: pg.Client) {}

  /** `url`: the owner's database as a superuser. */
  static async open(url: string, tenantIds: readonly string[]): Promise<ChangeStream> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const stream = new ChangeStream(client);
    const { rows } = await client.query<{
      tenant_id: string;
      revision: string;
      history_digest: string;
    }>(
      'SELECT tenant_id, revision, history_digest FROM tenant_counters WHERE tenant_id = ANY ($1)',
      [tenantIds],
    );
    for (const row of rows) {
      const { history_digest: digest } = row;
      stream.tenants.set(row.tenant_id, { revision: Number(row.revision), digest, groups: [] });
    }
    return stream;
  }

  /** Change sets committed so far. */
  get committed(): number {
    return this.count;
  }

  /** Commits at about `perSecond`, in small transactions, until the signal aborts. */
  async run(perSecond: number, signal: AbortSignal): Promise<void> {
    const begun = performance.now();
    const before = this.count;
    while (!signal.aborted) {
      const due = Math.floor(((performance.now() - begun) / 1_000) * perSecond);
      const missing = Math.min(due - (this.count - before), perSecond);
      if (missing > 0) await this.commit(missing);
      await sleep(20);
    }
  }

  /** Commits that many change sets, taking turns among the tenants, in one transaction. */
  async commit(changeSets: number): Promise<void> {
    const ids = [...this.tenants.keys()];
    const changes = Array.from({ length: changeSets }, (_, index) =>
      this.next(ids[(this.count + index) % ids.length]!),
    );
    this.count += changeSets;
    await this.write(changes);
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  private next(tenantId: string): Change {
    const progress = this.tenants.get(tenantId)!;
    const { digest: previousDigest } = progress;
    progress.revision += 1;
    const { revision } = progress;
    progress.digest = createHash('sha256').update(`${previousDigest}${revision}`).digest('hex');
    const deleted = progress.groups.length > 50 ? progress.groups.shift()! : null;
    const created = deleted === null ? randomUUID() : null;
    if (created !== null) progress.groups.push(created);
    const event =
      created === null
        ? { type: 'group-deleted.v1', groupId: deleted }
        : { type: 'group-created.v1', group: { id: created } };
    const body = {
      kind: 'CHANGES',
      ...{ tenantId, epoch: 1, revision, committedAt: Date.now() },
      ...{ previousDigest, digest: progress.digest, factsDigest: null },
      events: [event],
    };
    return { tenantId, revision, body, created, deleted };
  }

  private async write(changes: readonly Change[]): Promise<void> {
    const { client } = this;
    await client.query('BEGIN');
    const touched = [...new Set(changes.map(({ tenantId }) => tenantId))];
    await client.query(
      `UPDATE tenant_counters c SET revision = t.revision, history_digest = t.digest, facts_digest = NULL
       FROM unnest($1::text[], $2::bigint[], $3::text[]) AS t (tenant_id, revision, digest)
       WHERE c.tenant_id = t.tenant_id`,
      [
        touched,
        touched.map((tenantId) => this.tenants.get(tenantId)!.revision),
        touched.map((tenantId) => this.tenants.get(tenantId)!.digest),
      ],
    );
    await client.query(
      `INSERT INTO outbox_messages (tenant_id, epoch, revision, body, committed_at)
       SELECT tenant_id, 1, revision, body, now()
       FROM unnest($1::text[], $2::bigint[], $3::jsonb[]) AS m (tenant_id, revision, body)`,
      [
        changes.map(({ tenantId }) => tenantId),
        changes.map(({ revision }) => revision),
        changes.map(({ body }) => JSON.stringify(body)),
      ],
    );
    const created = changes.filter((change) => change.created !== null);
    await client.query(
      `INSERT INTO groups (tenant_id, id, name)
       SELECT tenant_id, id, id::text FROM unnest($1::text[], $2::uuid[]) AS g (tenant_id, id)`,
      [created.map(({ tenantId }) => tenantId), created.map((change) => change.created)],
    );
    const deleted = changes.flatMap((change) => change.deleted ?? []);
    await client.query('DELETE FROM groups WHERE id = ANY ($1::uuid[])', [deleted]);
    await client.query(`SELECT pg_notify('outbox', '')`);
    await client.query('COMMIT');
  }
}
