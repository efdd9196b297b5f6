import type { ScopeFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { BY_ID, byText, containsAny, given, isOneOf, readPage } from '../database/keyset.js';
import { refuseTaken } from '../database/unique-violation.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import type { Scope, ScopeOrderField } from './scope.model.js';

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

export interface ScopeFilter {
  /** Only these; null: any. */
  readonly ids: readonly string[] | null;
  readonly search?: string | null;
  readonly type?: string | null;
}

const KEYS = { CREATED: BY_ID, NAME: byText('name') };

export function listScopes(
  tx: TenantTransaction,
  { ids, search, type }: ScopeFilter,
  page: PageRequest<ScopeOrderField>,
): Promise<Page<Scope>> {
  const conditions = [
    ...given(ids, (these) => isOneOf('id', these, 'uuid')),
    ...given(search, (text) => containsAny(['name'], text)),
    ...given(type, (value) => isOneOf('type', [value], 'text')),
  ];
  return readPage(tx, { table: 'scopes', keys: KEYS, conditions }, page, (found) =>
    tx.scope.findMany({ where: { id: { in: found } } }),
  );
}
