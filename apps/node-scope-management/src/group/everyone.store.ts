import { EVERYONE } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { GranteeKind } from '../generated/prisma/enums.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { Group, GroupMember } from './group.model.js';

const NAME = 'Everyone';

/** What the list of groups is read from. */
export const GROUPS_AND_EVERYONE = `(
  SELECT id, name, managed_by, external_id FROM groups
  UNION ALL SELECT '${EVERYONE}'::uuid, '${NAME}', NULL, NULL) AS listed`;

/** The built-in group of all active users, which has no row: it is as old as the tenant. */
export async function findEveryone(tx: TenantTransaction): Promise<Group> {
  const { createdAt } = await tx.scope.findFirstOrThrow({
    where: { parentId: null },
    select: { createdAt: true },
  });
  const description = 'All active users of the tenant.';
  return {
    ...{ id: EVERYONE, name: NAME, description, builtIn: true },
    ...{ externalId: null, managedBy: null },
    ...{ createdAt, updatedAt: createdAt, version: 1 },
  };
}

/** A page of who is in it, in one statement: whoever is ACTIVE at this moment, by nobody's doing. */
export async function listEveryone(
  tx: TenantTransaction,
  page: PageRequest,
): Promise<Page<GroupMember>> {
  const rows = await tx.$queryRaw<readonly EveryoneRow[]>`
    SELECT counted.total, member.id, member.created_at AS "addedAt"
    FROM (SELECT count(*)::int AS total FROM users WHERE status = 'ACTIVE') AS counted
    LEFT JOIN (
      SELECT id, created_at FROM users
      WHERE status = 'ACTIVE'
        AND (${page.after?.id ?? null}::uuid IS NULL OR id > ${page.after?.id ?? null}::uuid)
      ORDER BY id
      LIMIT ${page.take + 1}) AS member ON true
    ORDER BY member.id`;
  const members = rows.flatMap(({ id, addedAt }) =>
    id === null || addedAt === null ? [] : [{ id, kind: GranteeKind.USER, sources: [], addedAt }],
  );
  return toPage(members, rows[0]?.total ?? 0, page);
}

/** Without a member on an empty page. */
interface EveryoneRow {
  readonly total: number;
  readonly id: string | null;
  readonly addedAt: Date | null;
}
