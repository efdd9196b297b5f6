import { EVERYONE, type GroupFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { BY_ID, byText, containsAny, given, readPage } from '../database/keyset.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { findEveryone, GROUPS_AND_EVERYONE } from './everyone.store.js';
import type { Group, GroupOrderField } from './group.model.js';

/** What a group is to people: what decisions do not depend on. */
export interface GroupTexts {
  readonly name: string;
  readonly description: string;
}

export interface GroupFilter {
  readonly search?: string | null;
}

export async function insertGroup(
  tx: TenantTransaction,
  tenantId: string,
  { id }: GroupFact,
  { name, description }: GroupTexts,
): Promise<void> {
  await tx.group.create({ data: { tenantId, id, name, description } });
}

export async function findGroup(tx: TenantTransaction, id: string): Promise<Group | null> {
  const [group = null] = await findGroups(tx, [id]);
  return group;
}

const KEYS = { CREATED: BY_ID, NAME: byText('name') };

export function listGroups(
  tx: TenantTransaction,
  { search }: GroupFilter,
  page: PageRequest<GroupOrderField>,
): Promise<Page<Group>> {
  const conditions = given(search, (text) => containsAny(['name'], text));
  return readPage(tx, { table: GROUPS_AND_EVERYONE, keys: KEYS, conditions }, page, (ids) =>
    findGroups(tx, ids),
  );
}

/** Those of the ids that exist, Everyone among them, in any order. */
export async function findGroups(
  tx: TenantTransaction,
  ids: readonly string[],
): Promise<Group[]> {
  const rows = await tx.group.findMany({ where: { id: { in: [...ids] } } });
  const own = rows.map((row) => ({ ...row, builtIn: false }));
  return ids.includes(EVERYONE) ? [...own, await findEveryone(tx)] : own;
}
