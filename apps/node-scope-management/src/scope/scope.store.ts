import type { ScopeFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { refuseTaken } from '../database/unique-violation.js';
import type { Scope } from './scope.model.js';

const NAME_TAKEN = 'Another scope of the same parent has this name already.';

/** Rejects with ALREADY_EXISTS when a sibling has the name. */
export async function insertScope(
  tx: TenantTransaction,
  tenantId: string,
  { id, parentId, type, inheritsAccess }: ScopeFact,
  name: string,
): Promise<void> {
  const data = { tenantId, id, parentId, type, inheritsAccess, name };
  await refuseTaken(NAME_TAKEN, tx.scope.create({ data }));
}

/** Rejects with ALREADY_EXISTS when a scope of the new parent has the name. */
export async function updateScopeParent(
  tx: TenantTransaction,
  id: string,
  parentId: string,
): Promise<void> {
  await refuseTaken(NAME_TAKEN, tx.scope.updateMany({ where: { id }, data: { parentId } }));
}

export async function updateScopeInheritance(
  tx: TenantTransaction,
  id: string,
  inheritsAccess: boolean,
): Promise<void> {
  await tx.scope.updateMany({ where: { id }, data: { inheritsAccess } });
}

export async function findScope(tx: TenantTransaction, id: string): Promise<Scope | null> {
  return tx.scope.findFirst({ where: { id } });
}

/** Those of the ids that exist, in the order of their ids. */
export async function findScopes(tx: TenantTransaction, ids: readonly string[]): Promise<Scope[]> {
  return tx.scope.findMany({ where: { id: { in: [...ids] } }, orderBy: { id: 'asc' } });
}
