import type { GroupFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { BY_ID, byText, containsAny, given, readPage } from '../database/keyset.js';
import type { Page, PageRequest } from '../graphql/connection.js';
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
  return tx.group.findFirst({ where: { id } });
}

const KEYS = { CREATED: BY_ID, NAME: byText('name') };

export function listGroups(
  tx: TenantTransaction,
  { search }: GroupFilter,
  page: PageRequest<GroupOrderField>,
): Promise<Page<Group>> {
  const conditions = given(search, (text) => containsAny(['name'], text));
  return readPage(tx, { table: 'groups', keys: KEYS, conditions }, page, (ids) =>
    tx.group.findMany({ where: { id: { in: ids } } }),
  );
}
