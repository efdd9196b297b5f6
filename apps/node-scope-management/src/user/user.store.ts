import type { PrincipalFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { BY_ID, byText, containsAny, given, isOneOf, readPage } from '../database/keyset.js';
import { refuseTaken } from '../database/unique-violation.js';
import type { PrincipalStatus } from '../generated/prisma/enums.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { User, UserOrderField } from './user.model.js';

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

const KEYS = {
  CREATED: BY_ID,
  USER_NAME: byText('user_name'),
  DISPLAY_NAME: byText('display_name'),
};

export function listUsers(
  tx: TenantTransaction,
  { search, status }: UserFilter,
  page: PageRequest<UserOrderField>,
): Promise<Page<User>> {
  const conditions = [
    ...given(search, (text) => containsAny(['user_name', 'display_name', 'email'], text)),
    ...given(status, (value) => isOneOf('status', [value], 'principal_status')),
  ];
  return readPage(tx, { table: 'users', keys: KEYS, conditions }, page, (ids) =>
    tx.user.findMany({ where: { id: { in: ids } } }),
  );
}
