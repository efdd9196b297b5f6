import type { PrincipalFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { ServiceAccount } from './service-account.model.js';

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

export async function listServiceAccounts(
  tx: TenantTransaction,
  page: PageRequest,
): Promise<Page<ServiceAccount>> {
  const rows = await tx.serviceAccount.findMany({
    where: { id: { gt: page.afterId } },
    orderBy: { id: 'asc' },
    take: page.take + 1,
  });
  return toPage(rows, await tx.serviceAccount.count(), page);
}
