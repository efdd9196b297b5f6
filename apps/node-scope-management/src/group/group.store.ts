import type { GroupFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { containing } from '../database/text-search.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { Group } from './group.model.js';

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

export async function listGroups(
  tx: TenantTransaction,
  { search }: GroupFilter,
  page: PageRequest,
): Promise<Page<Group>> {
  const where = { name: search ? containing(search) : undefined };
  const rows = await tx.group.findMany({
    where: { ...where, id: { gt: page.afterId } },
    orderBy: { id: 'asc' },
    take: page.take + 1,
  });
  return toPage(rows, await tx.group.count({ where }), page);
}
