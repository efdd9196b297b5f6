import type { PrincipalFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';

/** Brings the row of a user or service account to its fact's status. */
export async function updatePrincipalStatus(
  tx: TenantTransaction,
  { id, kind, status }: PrincipalFact,
): Promise<void> {
  const change = {
    where: { id },
    data: { status, version: { increment: 1 }, updatedAt: new Date() },
  };
  if (kind === 'USER') await tx.user.updateMany(change);
  else await tx.serviceAccount.updateMany(change);
}
