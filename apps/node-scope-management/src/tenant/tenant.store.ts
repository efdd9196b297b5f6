import { ApiError } from '@bastion/platform';
import { z } from 'zod';
import type { TenantTransaction } from '../database/app-database.js';
import { containing } from '../database/text-search.js';
import { refuseTaken } from '../database/unique-violation.js';
import type { StaleMode, TenantStatus } from '../generated/prisma/enums.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import type { DeletedTenant, OwnTenant, Tenant } from './tenant.model.js';

/** Inserts a tenant with its counter. Rejects with ALREADY_EXISTS. */
export async function insertTenant(
  tx: TenantTransaction,
  tenantId: string,
  name: string,
): Promise<void> {
  const data = { tenantId, name };
  // That of a deleted tenant is taken too: its row stays.
  await refuseTaken('A tenant with this id exists already, or did.', tx.tenant.create({ data }));
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

export async function updateTenantName(
  tx: TenantTransaction,
  tenantId: string,
  name: string,
): Promise<void> {
  await tx.tenant.updateMany({ where: { tenantId }, data: { name } });
}

/** Leaves of the tenant's row what says nothing of anybody, for good. */
export async function markDeleted(tx: TenantTransaction, tenantId: string): Promise<void> {
  const nothing = { name: '', status: 'SUSPENDED', staleMode: 'DENY', maxStaleMs: 0 } as const;
  await tx.tenant.updateMany({ where: { tenantId }, data: { ...nothing, deletedAt: new Date() } });
}

/** The transaction's own tenant, or, in that of `platform`, any that exists. */
export async function getTenant(tx: TenantTransaction, tenantId: string): Promise<Tenant> {
  const row = await tx.tenant.findFirst({ where: { tenantId, deletedAt: null } });
  if (!row) throw notFound(tenantId);
  return fromRow(row);
}

/** In a transaction of `platform`: rejects with NOT_FOUND. */
export async function refuseUnknown(
  tx: TenantTransaction,
  tenantId: string,
  standing: 'LIVING' | 'LIVING_OR_DELETED',
): Promise<void> {
  const where = { tenantId, ...(standing === 'LIVING' && { deletedAt: null }) };
  if ((await tx.tenant.count({ where })) === 0) throw notFound(tenantId);
}

function notFound(tenantId: string): ApiError {
  return new ApiError('NOT_FOUND', `There is no tenant ${tenantId}.`);
}

/** The transaction's own tenant, with the top of its tree. */
export async function getOwnTenant(tx: TenantTransaction, tenantId: string): Promise<OwnTenant> {
  const tenant = await getTenant(tx, tenantId);
  const root = await tx.scope.findFirstOrThrow({ where: { tenantId, parentId: null } });
  return { ...tenant, rootScopeId: root.id };
}

export interface TenantFilter {
  readonly status?: TenantStatus | null;
  /** A part of the id or of the name, in any case. */
  readonly search?: string | null;
}

/** All that live, in a transaction of `platform`; in any other the transaction's own. */
export async function listTenants(
  tx: TenantTransaction,
  page: PageRequest,
  { status, search }: TenantFilter = {},
): Promise<Page<Tenant>> {
  const where = {
    deletedAt: null,
    ...(status && { status }),
    ...(search && { OR: [{ tenantId: containing(search) }, { name: containing(search) }] }),
  };
  const rows = await tx.tenant.findMany({
    where: { AND: [where, { tenantId: { gt: page.after?.id } }] },
    orderBy: { tenantId: 'asc' },
    take: page.take + 1,
  });
  return toPage(rows.map(fromRow), await tx.tenant.count({ where }), page);
}

/** The tombstones, in a transaction of `platform`. */
export async function listDeletedTenants(
  tx: TenantTransaction,
  page: PageRequest,
): Promise<Page<DeletedTenant>> {
  const where = { deletedAt: { not: null } };
  const rows = await tx.tenant.findMany({
    where: { AND: [where, { tenantId: { gt: page.after?.id } }] },
    orderBy: { tenantId: 'asc' },
    take: page.take + 1,
  });
  return toPage(rows.map(fromTombstone), await tx.tenant.count({ where }), page);
}

export async function getDeletedTenant(
  tx: TenantTransaction,
  tenantId: string,
): Promise<DeletedTenant> {
  return fromTombstone(await tx.tenant.findFirstOrThrow({ where: { tenantId } }));
}

const erasedRowsSchema = z.record(z.string(), z.int());

/** How many rows of each table are erased. */
export function readErasedRows(erasedRows: unknown): Record<string, number> {
  return erasedRowsSchema.parse(erasedRows);
}

interface TenantRow {
  readonly tenantId: string;
  readonly name: string;
  readonly status: TenantStatus;
  readonly staleMode: StaleMode;
  readonly maxStaleMs: number;
  readonly createdAt: Date;
}

function fromRow({ tenantId, name, status, staleMode, maxStaleMs, createdAt }: TenantRow): Tenant {
  return { id: tenantId, name, status, staleMode, maxStaleSeconds: maxStaleMs / 1000, createdAt };
}

interface TombstoneRow {
  readonly tenantId: string;
  readonly deletedAt: Date | null;
  readonly erasedAt: Date | null;
  readonly erasedRows: unknown;
}

function fromTombstone({ tenantId, deletedAt, erasedAt, erasedRows }: TombstoneRow): DeletedTenant {
  if (!deletedAt) throw new Error(`${tenantId} was not deleted`);
  const rows = Object.values(readErasedRows(erasedRows));
  return {
    id: tenantId,
    deletedAt,
    erasedAt,
    erasedRows: rows.reduce((sum, count) => sum + count, 0),
  };
}
