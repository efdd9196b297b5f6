import type { Bar, FactRow, HistoryPoint } from '@bastion/gatekeeper/machines';
import type { TenantFactsV1 } from '@bastion/contracts';
import { tenantOfRows } from '@bastion/gatekeeper/machines';
import { factsFromWire } from '@bastion/platform';
import type { AccessEvent, TenantFacts } from '@bastion/policy';
import { CounterLocks } from '../owner/owner-session.js';
import type { Life } from '../simulation/process.js';
import type { VirtualTime } from '../simulation/virtual-time.js';

export interface Cursor extends HistoryPoint {
  readonly factsDigest: string | null;
  readonly bar: Bar | null;
}

/** One change set as it was applied: what a restored owner may ask for. */
export interface AppliedChange extends HistoryPoint {
  readonly events: readonly AccessEvent[];
}

/** The projection of one tenant. Immutable: a commit puts the next one in its place. */
export interface ProjectedTenant {
  readonly cursor: Cursor;
  /** By kind and key. */
  readonly rows: ReadonlyMap<string, FactRow>;
  readonly history: readonly AppliedChange[];
}

/**
 * What a commit did. FOLLOW: appended what messages brought. REPAIR: appended what was pulled.
 * REPLACE: swapped in a snapshot. OTHER: changed no facts.
 */
export type CommitKind = 'FOLLOW' | 'REPAIR' | 'REPLACE' | 'OTHER';

export interface ProjectionDatabaseParts {
  readonly time: VirtualTime;
  /** Told of every commit, with who made it. */
  readonly committed: (
    tenantId: string,
    kind: CommitKind,
    before: ProjectedTenant | undefined,
    after: ProjectedTenant,
    life: Life,
  ) => void;
}

/** The rows of gatekeeper's database, shared by all its processes. */
export class ProjectionDatabase {
  up = true;
  /** Rises when all sessions end: whatever a transaction of before still does, fails. */
  generation = 0;
  /** One statement, ms: least and most. */
  latency: readonly [number, number] = [0.2, 3];
  readonly locks: CounterLocks;
  #tenants = new Map<string, ProjectedTenant>();

  constructor(private readonly parts: ProjectionDatabaseParts) {
    this.locks = new CounterLocks(parts.time);
  }

  tenant(tenantId: string): ProjectedTenant | undefined {
    return this.#tenants.get(tenantId);
  }

  put(tenantId: string, kind: CommitKind, after: ProjectedTenant, life: Life): void {
    const before = this.#tenants.get(tenantId);
    this.#tenants.set(tenantId, after);
    this.parts.committed(tenantId, kind, before, after, life);
  }

  endSessions(): void {
    this.generation += 1;
    this.locks.clear();
  }

  backup(): ReadonlyMap<string, ProjectedTenant> {
    return new Map(this.#tenants);
  }

  restore(backup: ReadonlyMap<string, ProjectedTenant>): void {
    this.endSessions();
    this.#tenants = new Map(backup);
  }

  /** Somebody changes rows by hand; the cursor knows nothing of it. */
  tamper(tenantId: string, change: (rows: Map<string, FactRow>) => void): void {
    const tenant = this.#tenants.get(tenantId);
    if (!tenant) return;
    const rows = new Map(tenant.rows);
    change(rows);
    this.#tenants.set(tenantId, { ...tenant, rows });
  }
}

export function pointOf({ epoch, revision, digest }: Cursor): HistoryPoint {
  return { epoch, revision, digest };
}

export function factsOfRows(rows: ReadonlyMap<string, FactRow>): TenantFacts {
  const byKind = new Map<string, unknown[]>();
  for (const { kind, fact } of rows.values()) {
    byKind.set(kind, [...(byKind.get(kind) ?? []), fact]);
  }
  return factsFromWire(tenantOfRows(byKind) as TenantFactsV1);
}

export function nameOfRow({ kind, key }: { readonly kind: string; readonly key: string }): string {
  return `${kind} ${key}`;
}
