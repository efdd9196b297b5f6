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

/** Whole branches, each scope after its parent; none of their names may be taken. */
export async function insertScopes(
  tx: TenantTransaction,
  tenantId: string,
  scopes: readonly (ScopeFact & { readonly name: string })[],
): Promise<void> {
  if (scopes.length === 0) return;
  await tx.scope.createMany({ data: scopes.map((scope) => ({ tenantId, ...scope })) });
}

/** Rejects with ALREADY_EXISTS when a scope of the new parent has the name of one of these. */
export async function updateScopeParent(
  tx: TenantTransaction,
  ids: readonly string[],
  parentId: string,
): Promise<void> {
  const where = { id: { in: [...ids] } };
  await refuseTaken(NAME_TAKEN, tx.scope.updateMany({ where, data: { parentId } }));
}

/** Brings the row to what is given; rejects with ALREADY_EXISTS for a name or an external id. */
export async function updateScope(
  tx: TenantTransaction,
  id: string,
  data: { readonly name?: string; readonly externalId?: string | null; readonly parentId?: string },
): Promise<void> {
  await refuseTaken(
    'Another scope of the same parent has this name, or another one this external id.',
    tx.scope.updateMany({ where: { id }, data }),
  );
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

/** These scopes, by id. */
export async function findScopes(
  tx: TenantTransaction,
  ids: Iterable<string>,
): Promise<Map<string, Scope>> {
  const rows = await tx.scope.findMany({ where: { id: { in: [...new Set(ids)] } } });
  return new Map(rows.map((row) => [row.id, row]));
}

export interface ScopeFilter {
  /** Only these; null: any. */
  readonly ids: readonly string[] | null;
  readonly search?: string | null;
  readonly type?: string | null;
  readonly externalId?: string | null;
}

const KEYS = { CREATED: BY_ID, NAME: byText('name') };

export function listScopes(
  tx: TenantTransaction,
  { ids, search, type, externalId }: ScopeFilter,
  page: PageRequest<ScopeOrderField>,
): Promise<Page<Scope>> {
  const conditions = [
    ...given(ids, (these) => isOneOf('id', these, 'uuid')),
    ...given(search, (text) => containsAny(['name'], text)),
    ...given(type, (value) => isOneOf('type', [value], 'text')),
    ...given(externalId, (id) => isOneOf('external_id', [id], 'text')),
  ];
  return readPage(tx, { table: 'scopes', keys: KEYS, conditions }, page, (found) =>
    tx.scope.findMany({ where: { id: { in: found } } }),
  );
}
