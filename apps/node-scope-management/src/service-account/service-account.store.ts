import type { PrincipalFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { BY_ID, byText, containsAny, given, isOneOf, readPage } from '../database/keyset.js';
import type { PrincipalStatus } from '../generated/prisma/enums.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import { credentialsOf } from './credential.store.js';
import type { ServiceAccount, ServiceAccountOrderField } from './service-account.model.js';

/** What a service account is to people: what decisions do not depend on. */
export interface ServiceAccountTexts {
  readonly name: string;
  readonly description?: string;
}

export async function insertServiceAccount(
  tx: TenantTransaction,
  tenantId: string,
  { id, subject, status }: PrincipalFact,
  { name, description = '' }: ServiceAccountTexts,
): Promise<void> {
  await tx.serviceAccount.create({ data: { tenantId, id, subject, status, name, description } });
}

/** Changes those texts of a service account that are given. */
export async function updateServiceAccount(
  tx: TenantTransaction,
  id: string,
  { name, description }: Partial<ServiceAccountTexts>,
): Promise<void> {
  // The time is the database's to say; it is here so that a change of nothing is one too.
  const data = { name, description, updatedAt: new Date() };
  await tx.serviceAccount.updateMany({ where: { id }, data });
}

export async function findServiceAccount(
  tx: TenantTransaction,
  id: string,
): Promise<ServiceAccount | null> {
  const [account = null] = await accountsOf(tx, [id]);
  return account;
}

/** One that exists: the rows of service accounts are never deleted. */
export async function getServiceAccount(
  tx: TenantTransaction,
  id: string,
): Promise<ServiceAccount> {
  const account = await findServiceAccount(tx, id);
  if (!account) throw new Error(`There is no service account ${id}`);
  return account;
}

export interface ServiceAccountFilter {
  readonly search?: string | null;
  readonly status?: PrincipalStatus | null;
}

const KEYS = { CREATED: BY_ID, NAME: byText('name') };

export function listServiceAccounts(
  tx: TenantTransaction,
  { search, status }: ServiceAccountFilter,
  page: PageRequest<ServiceAccountOrderField>,
): Promise<Page<ServiceAccount>> {
  const conditions = [
    ...given(search, (text) => containsAny(['name'], text)),
    ...given(status, (value) => isOneOf('status', [value], 'principal_status')),
  ];
  return readPage(tx, { table: 'service_accounts', keys: KEYS, conditions }, page, (ids) =>
    accountsOf(tx, ids),
  );
}

/** With their credentials: two statements, however many there are. */
async function accountsOf(tx: TenantTransaction, ids: string[]): Promise<ServiceAccount[]> {
  const rows = await tx.serviceAccount.findMany({ where: { id: { in: ids } } });
  const credentials = await credentialsOf(tx, ids);
  return rows.map((row) => ({ ...row, credentials: credentials.get(row.id) ?? [] }));
}
