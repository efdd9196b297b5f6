import type { TenantTransaction } from '../database/app-database.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { RoleVersion } from './role.model.js';

/** Null when the role has had no such version, or has it now. */
export async function findRoleVersion(
  tx: TenantTransaction,
  roleId: string,
  version: number,
): Promise<RoleVersion | null> {
  const row = await tx.roleVersion.findFirst({ where: { roleId, version } });
  return row && toRoleVersion(row);
}

/** The same page of the earlier versions of each role, the latest first, in two statements. */
export async function listRoleVersions(
  tx: TenantTransaction,
  roleIds: readonly string[],
  page: PageRequest,
): Promise<Map<string, Page<RoleVersion>>> {
  const ids = [...roleIds];
  const before = page.after ? Number(page.after.id) : null;
  const rows = await tx.$queryRaw<(Omit<RoleVersion, 'id'> & { readonly roleId: string })[]>`
    SELECT earlier.*
    FROM unnest(${ids}::uuid[]) AS asked (role_id)
    CROSS JOIN LATERAL (
      SELECT role_id AS "roleId", version, name, description, permissions,
             includes::text[] AS includes, assignable_on AS "assignableOn", privileged, piercing,
             changed_by AS "changedBy", changed_at AS "changedAt"
      FROM role_versions
      WHERE role_id = asked.role_id AND (${before}::int IS NULL OR version < ${before}::int)
      ORDER BY version DESC
      LIMIT ${page.take + 1}) AS earlier`;
  const totals = await tx.$queryRaw<{ readonly roleId: string; readonly total: number }[]>`
    SELECT role_id AS "roleId", count(*)::int AS total
    FROM role_versions WHERE role_id = ANY(${ids}::uuid[]) GROUP BY role_id`;

  const totalOf = new Map(totals.map(({ roleId, total }) => [roleId, total]));
  const versionsOf = new Map(ids.map((id): [string, RoleVersion[]] => [id, []]));
  for (const { roleId, ...row } of rows) {
    versionsOf.get(roleId)?.push(toRoleVersion(row));
  }
  return new Map(
    [...versionsOf].map(([id, versions]) => [id, toPage(versions, totalOf.get(id) ?? 0, page)]),
  );
}

function toRoleVersion(row: Omit<RoleVersion, 'id'>): RoleVersion {
  const { version, name, description, permissions, includes, assignableOn } = row;
  const { privileged, piercing, changedBy, changedAt } = row;
  const content = { permissions, includes, assignableOn, privileged, piercing };
  return { id: String(version), version, name, description, ...content, changedBy, changedAt };
}
