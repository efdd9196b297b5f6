import type { TenantLimits } from '@bastion/access';
import type { TenantTransaction } from '../database/app-database.js';
import type { TenantPoint, TenantPosition } from './tenant-facts.store.js';

/**
 * The counter row: the tenant's position, what names it, the head of its audit chain, and what every
 * write is held to.
 */
export interface TenantCounter extends TenantPoint {
  /** See contracts, `factsDigestV1`; null: not known. */
  readonly factsDigest: string | null;
  readonly auditSequence: number;
  readonly auditHash: string;
  /** Epoch milliseconds; the chain's clock never goes back. */
  readonly auditAt: number;
  readonly limits: TenantLimits;
}

/**
 * Locks the tenant's counter and reads it. Null: no such tenant.
 *
 * INVARIANT: the first statement of every writing transaction. Whoever holds the lock is the
 * tenant's only writer, so what is read afterwards cannot change before the commit, and commit
 * order = revision order = event order.
 */
export async function lockCounter(tx: TenantTransaction): Promise<TenantCounter | null> {
  const rows = await tx.$queryRaw<CounterRow[]>`
    SELECT epoch, revision, history_digest, facts_digest, audit_sequence, audit_hash, audit_at,
           limit_principals, limit_groups, limit_scopes, limit_resources, limit_roles,
           limit_assignments
    FROM tenant_counters FOR UPDATE`;
  return fromRow(rows[0]);
}

/** The position without the lock, for reads. Null: no such tenant. */
export async function readPosition(tx: TenantTransaction): Promise<TenantPoint | null> {
  const rows = await tx.$queryRaw<Pick<CounterRow, 'epoch' | 'revision' | 'history_digest'>[]>`
    SELECT epoch, revision, history_digest FROM tenant_counters`;
  const row = rows[0];
  if (!row) return null;
  return { epoch: row.epoch, revision: Number(row.revision), historyDigest: row.history_digest };
}

/** How an epoch begins that is not the first. */
export interface EpochBeginning {
  readonly epoch: number;
  /** How far somebody had seen the history that ends; null: nobody was asked. */
  readonly witnessed: TenantPosition | null;
}

/** Begins a new epoch at the same revision. The transaction must hold the tenant's counter. */
export async function beginEpoch(
  tx: TenantTransaction,
  tenantId: string,
  { epoch, witnessed }: EpochBeginning,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE tenant_counters
    SET epoch = ${epoch}, witnessed_epoch = ${witnessed?.epoch ?? null},
        witnessed_revision = ${witnessed?.revision ?? null}
    WHERE tenant_id = ${tenantId}`;
}

/** Writes the counter back at the end of a write; the only place where a revision rises. */
export async function advanceCounter(
  tx: TenantTransaction,
  tenantId: string,
  next: Omit<TenantCounter, 'limits'>,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE tenant_counters
    SET revision = ${next.revision}, history_digest = ${next.historyDigest},
        facts_digest = ${next.factsDigest}, audit_sequence = ${next.auditSequence},
        audit_hash = ${next.auditHash}, audit_at = ${new Date(next.auditAt)}
    WHERE tenant_id = ${tenantId}`;
}

/** What the transaction's tenant is held to. Null: no such tenant. */
export async function readLimits(tx: TenantTransaction): Promise<TenantLimits | null> {
  const rows = await tx.$queryRaw<LimitsRow[]>`
    SELECT limit_principals, limit_groups, limit_scopes, limit_resources, limit_roles,
           limit_assignments
    FROM tenant_counters`;
  return rows[0] ? limitsOf(rows[0]) : null;
}

/** The transaction must hold the tenant's counter. */
export async function updateLimits(
  tx: TenantTransaction,
  tenantId: string,
  { principals, groups, scopes, resources, roles, assignments }: TenantLimits,
): Promise<void> {
  await tx.$executeRaw`
    UPDATE tenant_counters
    SET limit_principals = ${principals}, limit_groups = ${groups}, limit_scopes = ${scopes},
        limit_resources = ${resources}, limit_roles = ${roles}, limit_assignments = ${assignments}
    WHERE tenant_id = ${tenantId}`;
}

interface LimitsRow {
  readonly limit_principals: number | null;
  readonly limit_groups: number | null;
  readonly limit_scopes: number | null;
  readonly limit_resources: number | null;
  readonly limit_roles: number | null;
  readonly limit_assignments: number | null;
}

function limitsOf(row: LimitsRow): TenantLimits {
  return {
    principals: row.limit_principals,
    groups: row.limit_groups,
    scopes: row.limit_scopes,
    resources: row.limit_resources,
    roles: row.limit_roles,
    assignments: row.limit_assignments,
  };
}

interface CounterRow extends LimitsRow {
  readonly epoch: number;
  readonly revision: bigint;
  readonly history_digest: string;
  readonly facts_digest: string | null;
  readonly audit_sequence: bigint;
  readonly audit_hash: string;
  readonly audit_at: Date;
}

function fromRow(row: CounterRow | undefined): TenantCounter | null {
  if (!row) return null;
  return {
    epoch: row.epoch,
    revision: Number(row.revision),
    historyDigest: row.history_digest,
    factsDigest: row.facts_digest,
    auditSequence: Number(row.audit_sequence),
    auditHash: row.audit_hash,
    auditAt: row.audit_at.getTime(),
    limits: limitsOf(row),
  };
}
