import { EVERYONE, type AccessEvent } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import { listEveryone } from './everyone.store.js';
import type { Group, GroupMember } from './group.model.js';
import { findGroups } from './group.store.js';

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

/** The same page of the groups that each is directly in, in three statements whatever their number. */
export async function listGroupsOf(
  tx: TenantTransaction,
  memberIds: readonly string[],
  page: PageRequest,
): Promise<Map<string, Page<Group>>> {
  const ids = [...memberIds];
  const after = page.after?.id ?? null;
  const places = await tx.$queryRaw<{ readonly memberId: string; readonly groupId: string }[]>`
    SELECT asked.member_id AS "memberId", around.group_id AS "groupId"
    FROM unnest(${ids}::uuid[]) AS asked (member_id)
    CROSS JOIN LATERAL (
      SELECT DISTINCT group_id FROM memberships
      WHERE member_id = asked.member_id AND (${after}::uuid IS NULL OR group_id > ${after}::uuid)
      ORDER BY group_id
      LIMIT ${page.take + 1}) AS around
    ORDER BY asked.member_id, around.group_id`;
  const totals = await tx.$queryRaw<{ readonly memberId: string; readonly total: number }[]>`
    SELECT member_id AS "memberId", count(DISTINCT group_id)::int AS total
    FROM memberships WHERE member_id = ANY(${ids}::uuid[]) GROUP BY member_id`;
  const groups = await findGroups(tx, [...new Set(places.map(({ groupId }) => groupId))]);

  const groupOf = new Map(groups.map((group) => [group.id, group]));
  const totalOf = new Map(totals.map(({ memberId, total }) => [memberId, total]));
  const rowsOf = new Map(ids.map((id): [string, Group[]] => [id, []]));
  for (const { memberId, groupId } of places) {
    const group = groupOf.get(groupId);
    if (group) rowsOf.get(memberId)?.push(group);
  }
  return new Map([...rowsOf].map(([id, rows]) => [id, toPage(rows, totalOf.get(id) ?? 0, page)]));
}
