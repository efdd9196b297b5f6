import type { TenantTransaction } from '../database/app-database.js';
import { given, isOneOf } from '../database/keyset.js';
import { matchesText, readSlice, type Slice, type TextMatch } from '../database/slice.js';
import type { PlainGroup, PlainMembership } from './known-groups.model.js';

export interface GroupMatch {
  readonly id?: string | null;
  readonly name: TextMatch;
  readonly externalId: TextMatch;
}

export async function sliceGroups(
  tx: TenantTransaction,
  { id, name, externalId }: GroupMatch,
  slice: Slice,
): Promise<PlainGroup[]> {
  const conditions = [
    ...given(id, (value) => isOneOf('id', [value], 'uuid')),
    ...matchesText('name', name),
    ...matchesText('external_id', externalId),
  ];
  const { nodes } = await readSlice(tx, 'groups', conditions, slice, (ids) =>
    tx.group.findMany({ where: { id: { in: ids } } }),
  );
  return nodes;
}

/** The users directly in these groups, each once, up to a number of rows. */
export function usersInGroups(
  tx: TenantTransaction,
  groupIds: readonly string[],
  atMost: number,
): Promise<PlainMembership[]> {
  return tx.$queryRaw<PlainMembership[]>`
    SELECT DISTINCT group_id::text AS "groupId", member_id::text AS "entityId" FROM memberships
    WHERE group_id = ANY(${[...groupIds]}::uuid[]) AND member_kind = 'USER'
    ORDER BY 1, 2 LIMIT ${atMost}`;
}
