import type { TenantTransaction } from '../database/app-database.js';
import { given, isOneOf } from '../database/keyset.js';
import { matchesText, readSlice, type Slice, type TextMatch } from '../database/slice.js';
import { Prisma } from '../generated/prisma/client.js';

export interface UserMatch {
  readonly id?: string | null;
  readonly email: TextMatch;
  readonly userName: TextMatch;
  readonly displayName: TextMatch;
  readonly active?: boolean | null;
}

/** Who has not ended. */
export function sliceUsers(
  tx: TenantTransaction,
  { id, email, userName, displayName, active }: UserMatch,
  slice: Slice,
) {
  const conditions = [
    Prisma.sql`status NOT IN ('DEPROVISIONED', 'ERASED')`,
    ...given(id, (value) => isOneOf('id', [value], 'uuid')),
    ...matchesText('email', email),
    ...matchesText('user_name', userName),
    ...matchesText('display_name', displayName),
    ...given(active, (wanted) => Prisma.sql`(status = 'ACTIVE') = ${wanted}`),
  ];
  return readSlice(tx, 'users', conditions, slice, (ids) =>
    tx.user.findMany({ where: { id: { in: ids } } }),
  );
}
