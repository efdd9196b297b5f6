import { factsOfNothing, type TenantFacts, TOMBSTONE } from '@bastion/policy';
import type { AppDatabase, TenantTransaction } from '../database/app-database.js';

/** How far a tenant has come: the counter row. */
export interface TenantPosition {
  readonly epoch: number;
  readonly revision: number;
}

/** A position, and the name of the history that leads up to it; see contracts, `historyDigestV1`. */
export interface TenantPoint extends TenantPosition {
  readonly historyDigest: string;
}

export interface PositionedFacts extends TenantPoint {
  readonly factsDigest: string | null;
  readonly witnessedEpoch: number | null;
  readonly witnessedRevision: number | null;
  readonly facts: TenantFacts;
}

/**
 * Reads every fact of the transaction's tenant with its position, in ONE statement: under READ
 * COMMITTED only a single statement sees a single moment. Ended principals stay in, because their
 * tombstones decide; retired roles do not. Of a deleted tenant nothing is left, however many of its
 * rows are not erased yet. Null: no such tenant.
 *
 * As json: jsonb has no room for more than some 256 MB, which a million memberships pass.
 */
export async function readTenantFacts(tx: TenantTransaction): Promise<PositionedFacts | null> {
  const rows = await tx.$queryRaw<{ position: CountedFacts }[]>`
    SELECT json_build_object(
      'epoch', c.epoch,
      'revision', c.revision,
      'historyDigest', c.history_digest,
      'factsDigest', c.facts_digest,
      'witnessedEpoch', c.witnessed_epoch,
      'witnessedRevision', c.witnessed_revision,
      'facts', CASE WHEN t.deleted_at IS NULL THEN json_build_object(
        'tenant', json_build_object(
          'status', t.status, 'staleMode', t.stale_mode, 'maxStaleMs', t.max_stale_ms),
        'principals', (
          SELECT coalesce(json_agg(json_build_object(
            'id', p.id, 'kind', p.kind, 'status', p.status, 'subject', p.subject)), '[]')
          FROM (SELECT id, 'USER' AS kind, status, subject FROM users
                UNION ALL
                SELECT id, 'SERVICE_ACCOUNT', status, subject FROM service_accounts) p),
        'groups', (SELECT coalesce(json_agg(json_build_object('id', id)), '[]') FROM groups),
        'memberships', (
          SELECT coalesce(json_agg(json_build_object(
            'groupId', group_id, 'memberKind', member_kind, 'memberId', member_id,
            'source', source)), '[]')
          FROM memberships),
        'scopes', (
          SELECT coalesce(json_agg(json_build_object(
            'id', id, 'parentId', parent_id, 'type', type, 'inheritsAccess', inherits_access)), '[]')
          FROM scopes),
        'resources', (
          SELECT coalesce(json_agg(json_build_object(
            'type', type, 'id', id, 'scopeId', scope_id)), '[]')
          FROM resources),
        'roles', (
          SELECT coalesce(json_agg(json_build_object(
            'id', id, 'permissions', to_json(permissions), 'includes', to_json(includes),
            'assignableOn', to_json(assignable_on), 'privileged', privileged,
            'piercing', piercing)), '[]')
          FROM roles WHERE retired_at IS NULL),
        'assignments', (
          SELECT coalesce(json_agg(json_build_object(
            'id', id, 'granteeKind', grantee_kind, 'granteeId', grantee_id, 'roleId', role_id,
            'scopeId', coalesce(scope_id::text, resource_type || ':' || resource_id),
            'reach', reach, 'effect', effect, 'source', source,
            'validFrom', round(extract(epoch FROM valid_from) * 1000)::bigint,
            'validUntil', round(extract(epoch FROM valid_until) * 1000)::bigint,
            'condition', condition)), '[]')
          FROM role_assignments)
      ) END
    ) AS position
    FROM tenant_counters c JOIN tenants t USING (tenant_id)`;
  const [row] = rows;
  if (!row) return null;
  return { ...row.position, facts: row.position.facts ?? factsOfNothing(TOMBSTONE) };
}

/** For the largest tenants. */
const LOAD_TIMEOUT_MS = 10 * 60_000;

/** The same in a transaction of its own, which holds no lock and takes as long as it takes. */
export function loadTenantFacts(
  database: Pick<AppDatabase, 'inTenant'>,
  tenantId: string,
): Promise<PositionedFacts | null> {
  return database.inTenant(tenantId, readTenantFacts, { timeoutMs: LOAD_TIMEOUT_MS });
}

/** Without facts: the tenant was deleted. */
type CountedFacts = Omit<PositionedFacts, 'facts'> & { readonly facts: TenantFacts | null };
