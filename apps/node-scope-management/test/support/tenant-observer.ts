import { sha256 } from '@bastion/platform';
import {
  applyEvents,
  buildSnapshot,
  digestOfFacts,
  type AccessEvent,
  type TenantFacts,
} from '@bastion/policy';
import { accessChangedV1, type AccessChangedV1 } from '@bastion/contracts';
import { AppDatabase } from '../../src/database/app-database.js';
import {
  eventFromWire,
  readPosition,
  readTenantFacts,
  TenantSnapshots,
} from '../../src/facts/index.js';
import { hashOf } from '../../src/audit/audit-chain.js';
import type { AnsweredError } from './graphql-client.js';
import type { TestService } from './test-service.js';

const TABLES = [
  'tenants',
  'tenant_counters',
  'users',
  'service_accounts',
  'service_account_credentials',
  'external_ids',
  'groups',
  'memberships',
  'scopes',
  'roles',
  'role_versions',
  'role_assignments',
  'resources',
  'background_jobs',
  'resource_types',
  'catalogue_registrations',
  'outbox_messages',
  'audit_entries',
  'idempotency_keys',
];

interface Counter {
  readonly epoch: number;
  readonly revision: number;
  readonly historyDigest: string;
  readonly factsDigest: string | null;
}

interface AuditRow {
  readonly sequence: number;
  readonly at: number;
  readonly entry: Record<string, unknown>;
  readonly previousHash: string;
  readonly hash: string;
}

/** What a write left behind. */
export interface Effect<Answer> {
  readonly answer: Answer;
  readonly events: readonly AccessEvent[];
  readonly audit: Record<string, unknown>;
  readonly revision: number;
}

/** Looks at a tenant's rows from outside, as the superuser, and knows what every write must do. */
export class TenantObserver {
  constructor(
    private readonly service: TestService,
    readonly tenantId: string,
  ) {}

  /**
   * Runs a write and holds it to what is true of all: one revision that continues the history, one
   * message with its events, one audit entry on the chain; and events and digest say exactly what
   * the rows say.
   */
  async effectOf<Answer>(write: () => Promise<Answer>): Promise<Effect<Answer>> {
    const before = { facts: await this.facts(), counter: await this.counter() };
    const chain = await this.auditChain();
    const answer = await write();

    const { epoch, revision, historyDigest, factsDigest } = await this.counter();
    expect({ epoch, revision }).toEqual({
      epoch: before.counter.epoch,
      revision: before.counter.revision + 1,
    });
    const [message, ...others] = await this.messagesAfter(before.counter.revision);
    expect(others).toEqual([]);
    const events = domainEvents(message);
    expect(await this.facts()).toEqual(applyEvents(buildSnapshot(before.facts), events).facts());
    expect(factsDigest).toBe(digestOfFacts(await this.facts(), sha256));
    expect(message).toMatchObject({
      previousDigest: before.counter.historyDigest,
      digest: historyDigest,
      factsDigest,
    });
    expect(historyDigest).not.toBe(before.counter.historyDigest);
    expect(await this.factsInMemory()).toEqual(await this.facts());

    const longer = await this.auditChain();
    expect(longer.slice(0, chain.length)).toEqual(chain);
    expect(longer).toHaveLength(chain.length + 1);
    return { answer, events, audit: longer.at(-1)?.entry ?? {}, revision };
  }

  /**
   * Runs a write of what decisions do not depend on: one audit entry on the chain, and no revision, no
   * message and no fact.
   */
  async quietEffectOf<Answer>(
    write: () => Promise<Answer>,
  ): Promise<Pick<Effect<Answer>, 'answer' | 'audit'>> {
    const before = { facts: await this.facts(), counter: await this.counter() };
    const chain = await this.auditChain();
    const answer = await write();
    expect({ facts: await this.facts(), counter: await this.counter() }).toEqual(before);
    expect(await this.messagesAfter(before.counter.revision)).toEqual([]);
    const longer = await this.auditChain();
    expect(longer).toHaveLength(chain.length + 1);
    return { answer, audit: longer.at(-1)?.entry ?? {} };
  }

  /** Runs a write that must be refused, and change nothing at all. */
  async refusalOf(write: () => Promise<AnsweredError>): Promise<AnsweredError> {
    const before = await this.rows();
    const error = await write();
    expect(await this.rows()).toEqual(before);
    return error;
  }

  /** Everything in the database that is the tenant's. */
  async rows(): Promise<Record<string, unknown[]>> {
    const rows: Record<string, unknown[]> = {};
    for (const table of TABLES) {
      rows[table] = await this.service.database.query(
        `SELECT to_jsonb(t) AS row FROM ${table} t WHERE tenant_id = $1 ORDER BY to_jsonb(t)`,
        [this.tenantId],
      );
    }
    return rows;
  }

  async counter(): Promise<Counter> {
    const [row] = await this.service.database.query<{
      epoch: number;
      revision: string;
      history_digest: string;
      facts_digest: string | null;
    }>(
      `SELECT epoch, revision, history_digest, facts_digest FROM tenant_counters
       WHERE tenant_id = $1`,
      [this.tenantId],
    );
    if (!row) throw new Error(`There is no tenant ${this.tenantId}`);
    return {
      epoch: row.epoch,
      revision: Number(row.revision),
      historyDigest: row.history_digest,
      factsDigest: row.facts_digest,
    };
  }

  /** The facts that the rows say. */
  async facts(): Promise<TenantFacts> {
    const read = await this.service.app
      .get(AppDatabase)
      .inTenant(this.tenantId, (tx) => readTenantFacts(tx));
    if (!read) throw new Error(`There is no tenant ${this.tenantId}`);
    return buildSnapshot(read.facts).facts();
  }

  async messagesAfter(revision: number): Promise<AccessChangedV1[]> {
    const rows = await this.service.database.query<{ body: unknown }>(
      `SELECT body FROM outbox_messages WHERE tenant_id = $1 AND revision > $2 ORDER BY revision`,
      [this.tenantId, revision],
    );
    return rows.map(({ body }) => accessChangedV1.parse(body));
  }

  /** The audit entries in order, each checked to follow from the one before it. */
  async auditChain(): Promise<AuditRow[]> {
    const rows = await this.service.database.query<{
      sequence: string;
      at: Date;
      entry: Record<string, unknown>;
      previous_hash: string;
      hash: string;
    }>(
      `SELECT sequence, occurred_at AS at, entry, previous_hash, hash
       FROM audit_entries WHERE tenant_id = $1 ORDER BY sequence`,
      [this.tenantId],
    );
    const { tenantId } = this;
    return rows.map((row, index) => {
      const [sequence, at] = [Number(row.sequence), row.at.getTime()];
      const previousHash = rows[index - 1]?.hash ?? '';
      expect(sequence).toBe(index + 1);
      expect(row.previous_hash).toBe(previousHash);
      expect(row.hash).toBe(hashOf({ tenantId, sequence, at, previousHash, entry: row.entry }));
      return { sequence, at, entry: row.entry, previousHash, hash: row.hash };
    });
  }

  private async factsInMemory(): Promise<TenantFacts | undefined> {
    const snapshots = this.service.app.get(TenantSnapshots);
    const kept = await snapshots.having(this.tenantId, () =>
      this.service.app.get(AppDatabase).inTenant(this.tenantId, async (tx) => {
        const point = await readPosition(tx);
        return point && snapshots.at(tx, this.tenantId, point);
      }),
    );
    return kept?.snapshot.facts();
  }
}

export function domainEvents(message: AccessChangedV1 | undefined): AccessEvent[] {
  if (message?.kind !== 'CHANGES') throw new Error('Expected one change set');
  return message.events.map(eventFromWire);
}
