import type { ResourceFact, ResourceReference } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import type { Resource } from './resource.model.js';

export async function insertResource(
  tx: TenantTransaction,
  tenantId: string,
  { type, id, scopeId }: ResourceFact,
): Promise<void> {
  await tx.resource.create({ data: { tenantId, type, id, scopeId } });
}

export async function updateResourceScope(
  tx: TenantTransaction,
  { type, id, scopeId }: ResourceFact,
): Promise<void> {
  await tx.resource.updateMany({ where: { type, id }, data: { scopeId } });
}

export async function findResource(
  tx: TenantTransaction,
  { type, id }: ResourceReference,
): Promise<Resource | null> {
  return tx.resource.findFirst({ where: { type, id } });
}

/** Those of the resources that exist, in no particular order. */
export async function findResources(
  tx: TenantTransaction,
  references: readonly ResourceReference[],
): Promise<Resource[]> {
  return tx.resource.findMany({ where: { OR: references.map(({ type, id }) => ({ type, id })) } });
}
