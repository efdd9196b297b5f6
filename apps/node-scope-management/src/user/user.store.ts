import type { PrincipalFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { containing } from '../database/text-search.js';
import { refuseTaken } from '../database/unique-violation.js';
import type { PrincipalStatus } from '../generated/prisma/enums.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { User } from './user.model.js';

/** Who a user is to people: what decisions do not depend on. */
export interface UserProfile {
  readonly userName: string;
  readonly displayName: string;
  readonly email?: string | null;
}

export interface UserFilter {
  readonly search?: string | null;
  readonly status?: PrincipalStatus | null;
}

/** Rejects with ALREADY_EXISTS when a living user has the name. */
export async function insertUser(
  tx: TenantTransaction,
  tenantId: string,
  { id, subject, status }: PrincipalFact,
  { userName, displayName, email = null }: UserProfile,
): Promise<void> {
  const data = { tenantId, id, subject, status, userName, displayName, email };
  await refuseTaken('A living user has this user name already.', tx.user.create({ data }));
}

export async function findUser(tx: TenantTransaction, id: string): Promise<User | null> {
  return tx.user.findFirst({ where: { id } });
}

/** One that exists: the rows of users are never deleted. */
export async function getUser(tx: TenantTransaction, id: string): Promise<User> {
  return tx.user.findFirstOrThrow({ where: { id } });
}

export async function listUsers(
  tx: TenantTransaction,
  { search, status }: UserFilter,
  page: PageRequest,
): Promise<Page<User>> {
  const text = search ? containing(search) : undefined;
  const where = {
    status: status ?? undefined,
    OR: text && [{ userName: text }, { displayName: text }, { email: text }],
  };
  const rows = await tx.user.findMany({
    where: { ...where, id: { gt: page.afterId } },
    orderBy: { id: 'asc' },
    take: page.take + 1,
  });
  return toPage(rows, await tx.user.count({ where }), page);
}
