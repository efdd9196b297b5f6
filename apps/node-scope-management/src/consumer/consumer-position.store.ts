import type { AccessAppliedV1, FollowingStateV1 } from '@bastion/contracts';
import type { TenantTransaction } from '../database/app-database.js';
import type { HeadsDatabase } from '../database/heads-database.js';

/** Who asks, and for how long it may answer from what it is told. */
export interface Asker {
  readonly consumerId: string;
  readonly leaseMs: number;
}

/** How far one consumer is with one tenant. */
export interface ConsumerPosition {
  readonly tenantId: string;
  readonly consumerId: string;
  readonly kind: 'PROJECTION' | 'REPLICA';
  readonly epoch: number;
  readonly revision: number;
  readonly state: FollowingStateV1;
  readonly accepts: readonly string[];
  /** Until when it may answer from what it has. */
  readonly leaseUntil: Date;
  readonly seenAt: Date;
}

/**
 * Of tenants that exist; the others are passed over, and those that were deleted where nothing waits
 * for the consumer. A lease is never shortened.
 */
export async function notePositions(
  { client }: HeadsDatabase,
  { consumer, accepts, leaseMs, positions }: AccessAppliedV1,
): Promise<void> {
  if (positions.length === 0) return;
  await client.$executeRaw`
    INSERT INTO consumer_positions AS c
      (tenant_id, consumer_id, kind, epoch, revision, digest, state, accepts, lease_until)
    SELECT t.tenant_id, ${consumer.id}, ${consumer.kind}, p.epoch, p.revision, p.digest, p.state,
           ${[...accepts]}::text[], now() + ${leaseMs} * interval '1 millisecond'
    FROM unnest(${positions.map(({ tenantId }) => tenantId)}::text[],
                ${positions.map(({ epoch }) => epoch)}::int[],
                ${positions.map(({ revision }) => revision)}::bigint[],
                ${positions.map(({ digest }) => digest)}::text[],
                ${positions.map(({ state }) => state)}::text[])
         AS p (tenant_id, epoch, revision, digest, state)
    JOIN tenant_counters t USING (tenant_id)
    WHERE NOT EXISTS (
        SELECT FROM tenants d WHERE d.tenant_id = t.tenant_id AND d.deleted_at IS NOT NULL)
      OR EXISTS (
        SELECT FROM consumer_positions known
        WHERE known.tenant_id = t.tenant_id AND known.consumer_id = ${consumer.id})
    ON CONFLICT (tenant_id, consumer_id) DO UPDATE
    SET epoch = excluded.epoch, revision = excluded.revision, digest = excluded.digest,
        state = excluded.state, accepts = excluded.accepts, seen_at = now(),
        lease_until = greatest(c.lease_until, excluded.lease_until)`;
}

/**
 * Notes that a consumer may answer about tenants for the length of its lease from now on.
 *
 * INVARIANT: committed before it is told any head. A write that waits until it is enforced
 * everywhere looks for leases after its own commit, so it sees every one that was earned before.
 *
 * Written half a lease ahead, so that most askings find nothing to write. Not of a tenant that was
 * deleted: no write follows that could wait.
 */
export async function noteLeases(
  { client }: HeadsDatabase,
  { consumerId, leaseMs }: Asker,
  tenantIds: readonly string[],
): Promise<void> {
  if (leaseMs === 0 || tenantIds.length === 0) return;
  await client.$executeRaw`
    INSERT INTO consumer_positions AS c
      (tenant_id, consumer_id, kind, epoch, revision, digest, state, accepts, lease_until)
    SELECT t.tenant_id, ${consumerId}, 'REPLICA', 1, 0, '', 'FOLLOWING', '{}',
           now() + ${leaseMs * 1.5} * interval '1 millisecond'
    FROM tenant_counters t
    WHERE t.tenant_id = ANY (${[...tenantIds]}::text[])
      AND NOT EXISTS (
        SELECT FROM consumer_positions known
        WHERE known.tenant_id = t.tenant_id AND known.consumer_id = ${consumerId}
          AND known.lease_until >= now() + ${leaseMs} * interval '1 millisecond')
      AND NOT EXISTS (
        SELECT FROM tenants d WHERE d.tenant_id = t.tenant_id AND d.deleted_at IS NOT NULL)
    ON CONFLICT (tenant_id, consumer_id) DO UPDATE
    SET seen_at = now(), lease_until = greatest(c.lease_until, excluded.lease_until)`;
}

/** Forgets replicas whose leases have been over for an hour; processes come and go. */
export async function forgetOldReplicas({ client }: HeadsDatabase): Promise<void> {
  await client.$executeRaw`
    DELETE FROM consumer_positions
    WHERE kind = 'REPLICA' AND lease_until < now() - interval '1 hour'`;
}

/** Forgets a consumer that may answer no longer, and answers of how many tenants it was known. */
export function forgetConsumer({ client }: HeadsDatabase, consumerId: string): Promise<number> {
  return client.$executeRaw`
    DELETE FROM consumer_positions WHERE consumer_id = ${consumerId} AND lease_until <= now()`;
}

/** The replicas that may still answer about the transaction's tenant, by their leases. */
export async function leasedReplicas(tx: TenantTransaction): Promise<LeasedReplica[]> {
  const rows = await tx.$queryRaw<LeaseRow[]>`
    SELECT consumer_id, epoch, revision,
           extract(epoch FROM lease_until - now()) * 1000 AS remaining_ms
    FROM consumer_positions WHERE kind = 'REPLICA' AND lease_until > now()`;
  return rows.map((row) => ({
    consumerId: row.consumer_id,
    epoch: row.epoch,
    revision: Number(row.revision),
    remainingMs: Number(row.remaining_ms),
  }));
}

export interface LeasedReplica {
  readonly consumerId: string;
  readonly epoch: number;
  readonly revision: number;
  /** Of its lease, by the database's clock. */
  readonly remainingMs: number;
}

interface LeaseRow {
  readonly consumer_id: string;
  readonly epoch: number;
  readonly revision: bigint;
  readonly remaining_ms: unknown;
}

/** Every consumer's position in every tenant, or in one. */
export async function readPositions(
  { client }: HeadsDatabase,
  tenantId?: string,
): Promise<ConsumerPosition[]> {
  const rows = await client.consumerPosition.findMany({
    where: tenantId === undefined ? {} : { tenantId },
    orderBy: [{ tenantId: 'asc' }, { kind: 'asc' }, { consumerId: 'asc' }],
  });
  return rows.map(({ revision, kind, state, digest: _digest, ...row }) => ({
    ...row,
    kind: kind as ConsumerPosition['kind'],
    state: state as FollowingStateV1,
    revision: Number(revision),
  }));
}
