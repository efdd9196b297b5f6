import { EVERYONE, type GroupFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { containing } from '../database/text-search.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import { findEveryone, isEveryone } from './everyone.store.js';
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
  if (id === EVERYONE) return findEveryone(tx);
  const row = await tx.group.findFirst({ where: { id } });
  return row && ownGroup(row);
}

/** By id. Everyone comes first: all that is made by people has a later id. */
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
  const builtIn = isEveryone(search) ? [await findEveryone(tx)] : [];
  const total = builtIn.length + (await tx.group.count({ where }));
  const isBegun = page.afterId !== undefined && page.afterId >= EVERYONE;
  return toPage([...(isBegun ? [] : builtIn), ...rows.map(ownGroup)], total, page);
}

function ownGroup(row: Omit<Group, 'builtIn'>): Group {
  return { ...row, builtIn: false };
}
