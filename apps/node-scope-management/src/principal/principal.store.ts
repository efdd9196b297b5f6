import type { PrincipalFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';

/** Brings the row of a user or service account to its fact's status. */
export async function updatePrincipalStatus(
  tx: TenantTransaction,
  { id, kind, status }: PrincipalFact,
): Promise<void> {
  const change = { where: { id }, data: { status } };
  if (kind === 'USER') await tx.user.updateMany(change);
  else await tx.serviceAccount.updateMany(change);
}

/** The row's version; null: no such user or service account. */
export async function findPrincipal(
  tx: TenantTransaction,
  { id, kind }: Pick<PrincipalFact, 'id' | 'kind'>,
): Promise<{ readonly version: number } | null> {
  const asked = { where: { id }, select: { version: true } };
  return kind === 'USER' ? tx.user.findFirst(asked) : tx.serviceAccount.findFirst(asked);
}
