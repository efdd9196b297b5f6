import type { PrincipalFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { BY_ID, byText, containsAny, given, isOneOf, readPage } from '../database/keyset.js';
import type { PrincipalStatus } from '../generated/prisma/enums.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { ServiceAccount, ServiceAccountOrderField } from './service-account.model.js';

export async function insertServiceAccount(
  tx: TenantTransaction,
  tenantId: string,
  { id, subject, status }: PrincipalFact,
  name: string,
): Promise<void> {
  await tx.serviceAccount.create({ data: { tenantId, id, subject, status, name } });
}

export async function findServiceAccount(
  tx: TenantTransaction,
  id: string,
): Promise<ServiceAccount | null> {
  return tx.serviceAccount.findFirst({ where: { id } });
}

/** One that exists: the rows of service accounts are never deleted. */
export async function getServiceAccount(
  tx: TenantTransaction,
  id: string,
): Promise<ServiceAccount> {
  return tx.serviceAccount.findFirstOrThrow({ where: { id } });
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
    tx.serviceAccount.findMany({ where: { id: { in: ids } } }),
  );
}
