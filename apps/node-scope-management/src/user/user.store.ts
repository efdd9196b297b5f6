import type { PrincipalFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import {
  BY_ID,
  byText,
  containsAny,
  given,
  isOneOf,
  isText,
  readPage,
} from '../database/keyset.js';
import { refuseTaken } from '../database/unique-violation.js';
import {
  type ExternalId,
  externalIdsOf,
  isCalled,
  replaceExternalIds,
} from '../external-id/index.js';
import type { Prisma } from '../generated/prisma/client.js';
import type { PrincipalStatus } from '../generated/prisma/enums.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { Metadata } from './metadata.js';
import type { User, UserOrderField } from './user.model.js';

/** Who a user is to people: what decisions do not depend on. */
export interface UserProfile {
  readonly userName: string;
  readonly displayName: string;
  readonly email?: string | null;
  readonly metadata?: Metadata;
  readonly externalIds?: readonly ExternalId[];
}

export interface UserFilter {
  readonly search?: string | null;
  readonly userName?: string | null;
  readonly email?: string | null;
  readonly externalId?: ExternalId | null;
  readonly status?: PrincipalStatus | null;
}

const NAME_TAKEN = 'A living user has this user name already.';

/** Rejects with ALREADY_EXISTS when a living user has the name or an external id. */
export async function insertUser(
  tx: TenantTransaction,
  tenantId: string,
  { id, subject, status }: PrincipalFact,
  { externalIds = [], userName, displayName, ...profile }: UserProfile,
): Promise<void> {
  const names = { userName, displayName };
  const data = { tenantId, id, subject, status, ...columnsOf(profile), ...names };
  await refuseTaken(NAME_TAKEN, tx.user.create({ data }));
  if (externalIds.length > 0) {
    await replaceExternalIds(tx, tenantId, { kind: 'USER', id }, externalIds);
  }
}

/** Changes what is given of a user and leaves the rest; rejects as above. */
export async function updateUser(
  tx: TenantTransaction,
  tenantId: string,
  id: string,
  { externalIds, ...profile }: Partial<UserProfile>,
): Promise<void> {
  // The time is the database's to say; it is here so that a change of external ids alone is one too.
  const data = { ...columnsOf(profile), updatedAt: new Date() };
  await refuseTaken(NAME_TAKEN, tx.user.updateMany({ where: { id }, data }));
  if (externalIds) await replaceExternalIds(tx, tenantId, { kind: 'USER', id }, externalIds);
}

export async function findUser(tx: TenantTransaction, id: string): Promise<User | null> {
  const [user = null] = await usersOf(tx, [id]);
  return user;
}

/** One that exists: the rows of users are never deleted. */
export async function getUser(tx: TenantTransaction, id: string): Promise<User> {
  const user = await findUser(tx, id);
  if (!user) throw new Error(`There is no user ${id}`);
  return user;
}

const KEYS = {
  CREATED: BY_ID,
  USER_NAME: byText('user_name'),
  DISPLAY_NAME: byText('display_name'),
};

export function listUsers(
  tx: TenantTransaction,
  { search, userName, email, externalId, status }: UserFilter,
  page: PageRequest<UserOrderField>,
): Promise<Page<User>> {
  const conditions = [
    ...given(search, (text) => containsAny(['user_name', 'display_name', 'email'], text)),
    ...given(userName, (text) => isText('user_name', text)),
    ...given(email, (text) => isText('email', text)),
    ...given(externalId, (called) => isCalled('USER', called)),
    ...given(status, (value) => isOneOf('status', [value], 'principal_status')),
  ];
  return readPage(tx, { table: 'users', keys: KEYS, conditions }, page, (ids) => usersOf(tx, ids));
}

/** With what connections call them: two statements, however many there are. */
async function usersOf(tx: TenantTransaction, ids: string[]): Promise<User[]> {
  const rows = await tx.user.findMany({ where: { id: { in: ids } } });
  const externalIds = await externalIdsOf(tx, ids);
  return rows.map((row) => ({ ...row, externalIds: externalIds.get(row.id) ?? [] }));
}

/** By name, whatever else the object holds. */
function columnsOf({ userName, displayName, email, metadata }: Partial<UserProfile>) {
  return {
    ...{ userName, displayName, email },
    metadata: metadata as Prisma.InputJsonObject | undefined,
  };
}
