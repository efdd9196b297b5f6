import type { TenantTransaction } from '../database/app-database.js';
import { refuseTaken } from '../database/unique-violation.js';
import type { StaleMode, TenantStatus } from '../generated/prisma/enums.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { OwnTenant, Tenant } from './tenant.model.js';

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

export async function updateStaleMode(
  tx: TenantTransaction,
  tenantId: string,
  stale: { readonly staleMode: StaleMode; readonly maxStaleMs: number },
): Promise<void> {
  const { staleMode, maxStaleMs } = stale;
  await tx.tenant.updateMany({ where: { tenantId }, data: { staleMode, maxStaleMs } });
}

/** The transaction's own tenant, or, in that of `platform`, any that exists. */
export async function getTenant(tx: TenantTransaction, tenantId: string): Promise<Tenant> {
  return fromRow(await tx.tenant.findFirstOrThrow({ where: { tenantId } }));
}

/** The transaction's own tenant, with the top of its tree. */
export async function getOwnTenant(tx: TenantTransaction, tenantId: string): Promise<OwnTenant> {
  const tenant = await getTenant(tx, tenantId);
  const root = await tx.scope.findFirstOrThrow({ where: { tenantId, parentId: null } });
  return { ...tenant, rootScopeId: root.id };
}

/** All tenants in a transaction of `platform`; in any other the transaction's own. */
export async function listTenants(tx: TenantTransaction, page: PageRequest): Promise<Page<Tenant>> {
  const rows = await tx.tenant.findMany({
    where: { tenantId: { gt: page.after?.id } },
    orderBy: { tenantId: 'asc' },
    take: page.take + 1,
  });
  return toPage(rows.map(fromRow), await tx.tenant.count(), page);
}

type TenantRow = Omit<Tenant, 'id' | 'maxStaleSeconds'> & {
  readonly tenantId: string;
  readonly maxStaleMs: number;
};

function fromRow({ tenantId, maxStaleMs, ...rest }: TenantRow): Tenant {
  return { id: tenantId, maxStaleSeconds: maxStaleMs / 1000, ...rest };
}
