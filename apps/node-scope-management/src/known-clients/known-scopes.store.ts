import type { TenantTransaction } from '../database/app-database.js';
import { given, isOneOf } from '../database/keyset.js';
import { matchesText, readSlice, type Slice, type TextMatch } from '../database/slice.js';
import { Prisma } from '../generated/prisma/client.js';

export interface ScopeMatch {
  /** Only these; null: any. */
  readonly ids: readonly string[] | null;
  readonly id?: string | null;
  readonly name: TextMatch;
  readonly externalId: TextMatch;
}

/** Without the root. */
export function sliceScopes(
  tx: TenantTransaction,
  { ids, id, name, externalId }: ScopeMatch,
  slice: Slice,
) {
  const conditions = [
    Prisma.sql`parent_id IS NOT NULL`,
    ...given(ids, (these) => isOneOf('id', these, 'uuid')),
    ...given(id, (value) => isOneOf('id', [value], 'uuid')),
    ...matchesText('name', name),
    ...matchesText('external_id', externalId),
  ];
  return readSlice(tx, 'scopes', conditions, slice, (found) =>
    tx.scope.findMany({ where: { id: { in: found } } }),
  );
}
