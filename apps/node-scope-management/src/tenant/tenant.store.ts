import type { TenantTransaction } from '../database/app-database.js';
import { refuseTaken } from '../database/unique-violation.js';
import type { TenantStatus } from '../generated/prisma/enums.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { Tenant } from './tenant.model.js';

/** Inserts a tenant with its counter. Rejects with ALREADY_EXISTS. */
export async function insertTenant(
  tx: TenantTransaction,
  tenantId: string,
  name: string,
): Promise<void> {
  const data = { tenantId, name };
  await refuseTaken('A tenant with this id exists already.', tx.tenant.create({ data }));
  await tx.tenantCounter.create({ data: { tenantId } });
}

export async function updateTenantStatus(
  tx: TenantTransaction,
  tenantId: string,
  status: TenantStatus,
): Promise<void> {
  await tx.tenant.updateMany({ where: { tenantId }, data: { status } });
}

/** The transaction's own tenant, or, in that of `platform`, any that exists. */
export async function getTenant(tx: TenantTransaction, tenantId: string): Promise<Tenant> {
  return fromRow(await tx.tenant.findFirstOrThrow({ where: { tenantId } }));
}

/** All tenants in a transaction of `platform`; in any other the transaction's own. */
export async function listTenants(tx: TenantTransaction, page: PageRequest): Promise<Page<Tenant>> {
  const rows = await tx.tenant.findMany({
    where: { tenantId: { gt: page.afterId } },
    orderBy: { tenantId: 'asc' },
    take: page.take + 1,
  });
  return toPage(rows.map(fromRow), await tx.tenant.count(), page);
}

function fromRow({
  tenantId,
  ...rest
}: Omit<Tenant, 'id'> & { readonly tenantId: string }): Tenant {
  return { id: tenantId, ...rest };
}
