import { EVERYONE, type AccessEvent } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import { listEveryone } from './everyone.store.js';
import type { GroupMember } from './group.model.js';

/** Inserts a row for every membership that the events begin. */
export async function insertMemberships(
  tx: TenantTransaction,
  tenantId: string,
  events: readonly AccessEvent[],
): Promise<void> {
  const data = events.flatMap((event) =>
    event.type === 'member-added' ? [{ tenantId, ...event.membership }] : [],
  );
  await tx.membership.createMany({ data });
}

/** The same page of the direct members of each group, in few statements whatever their number. */
export async function listMembers(
  tx: TenantTransaction,
  groupIds: readonly string[],
  page: PageRequest,
): Promise<Map<string, Page<GroupMember>>> {
  const ids = [...groupIds];
  const rows = await tx.$queryRaw<(GroupMember & { readonly groupId: string })[]>`
    SELECT asked.group_id AS "groupId", member.*
    FROM unnest(${ids}::uuid[]) AS asked (group_id)
    CROSS JOIN LATERAL (
      SELECT member_id AS id, member_kind AS kind, array_agg(source ORDER BY source) AS sources,
             min(added_at) AS "addedAt"
      FROM memberships
      WHERE group_id = asked.group_id
        AND (${page.after?.id ?? null}::uuid IS NULL OR member_id > ${page.after?.id ?? null}::uuid)
      GROUP BY member_id, member_kind
      ORDER BY member_id
      LIMIT ${page.take + 1}) AS member
    ORDER BY asked.group_id, member.id`;
  const totals = await tx.$queryRaw<{ readonly groupId: string; readonly total: number }[]>`
    SELECT group_id AS "groupId", count(DISTINCT member_id)::int AS total
    FROM memberships WHERE group_id = ANY(${ids}::uuid[]) GROUP BY group_id`;

  const totalOf = new Map(totals.map(({ groupId, total }) => [groupId, total]));
  const rowsOf = new Map(ids.map((id): [string, GroupMember[]] => [id, []]));
  for (const { groupId, ...member } of rows) rowsOf.get(groupId)?.push(member);
  const pages = new Map(
    [...rowsOf].map(([id, members]) => [id, toPage(members, totalOf.get(id) ?? 0, page)]),
  );
  return pages.has(EVERYONE) ? pages.set(EVERYONE, await listEveryone(tx, page)) : pages;
}
