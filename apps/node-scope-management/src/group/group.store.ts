import { EVERYONE, type GroupFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { BY_ID, byText, containsAny, given, isOneOf, readPage } from '../database/keyset.js';
import { refuseTaken } from '../database/unique-violation.js';
import { Prisma } from '../generated/prisma/client.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { findEveryone, GROUPS_AND_EVERYONE } from './everyone.store.js';
import type { Group, GroupOrderField } from './group.model.js';

/** What a group is to people: what decisions do not depend on. */
export interface GroupTexts {
  readonly name: string;
  readonly description: string;
  /** Unique among the tenant's groups. */
  readonly externalId: string | null;
}

export interface GroupFilter {
  readonly search?: string | null;
  readonly managedBy?: string | null;
  readonly externalId?: string | null;
  /** Only groups that this one is directly in. */
  readonly memberId?: string | null;
}

const EXTERNAL_ID_TAKEN = 'Another group has this external id already.';

/** Rejects with ALREADY_EXISTS when another group has the external id. */
export async function insertGroup(
  tx: TenantTransaction,
  tenantId: string,
  { id }: GroupFact,
  { name, description, externalId }: GroupTexts,
): Promise<void> {
  const data = { tenantId, id, name, description, externalId };
  await refuseTaken(EXTERNAL_ID_TAKEN, tx.group.create({ data }));
}

/** Brings the row to the texts that are given; rejects as above. */
export async function updateGroup(
  tx: TenantTransaction,
  id: string,
  data: Partial<GroupTexts>,
): Promise<void> {
  await refuseTaken(EXTERNAL_ID_TAKEN, tx.group.updateMany({ where: { id }, data }));
}

export async function findGroup(tx: TenantTransaction, id: string): Promise<Group | null> {
  const [group = null] = await findGroups(tx, [id]);
  return group;
}

const KEYS = { CREATED: BY_ID, NAME: byText('name') };

export function listGroups(
  tx: TenantTransaction,
  { search, managedBy, externalId, memberId }: GroupFilter,
  page: PageRequest<GroupOrderField>,
): Promise<Page<Group>> {
  const conditions = [
    ...given(search, (text) => containsAny(['name'], text)),
    ...given(managedBy, (source) => isOneOf('managed_by', [source], 'text')),
    ...given(externalId, (id) => isOneOf('external_id', [id], 'text')),
    ...given(
      memberId,
      (id) => Prisma.sql`id IN (SELECT group_id FROM memberships WHERE member_id = ${id}::uuid)`,
    ),
  ];
  return readPage(tx, { table: GROUPS_AND_EVERYONE, keys: KEYS, conditions }, page, (ids) =>
    findGroups(tx, ids),
  );
}

/** Those of the ids that exist, Everyone among them, in any order. */
export async function findGroups(tx: TenantTransaction, ids: readonly string[]): Promise<Group[]> {
  const rows = await tx.group.findMany({ where: { id: { in: [...ids] } } });
  const own = rows.map((row) => ({ ...row, builtIn: false }));
  return ids.includes(EVERYONE) ? [...own, await findEveryone(tx)] : own;
}
