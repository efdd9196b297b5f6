import type { PrincipalFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { forgetPrincipal } from './forget-principal.store.js';

/** Brings the row of a user or service account to its fact, with what hangs on its status. */
export async function updatePrincipal(
  tx: TenantTransaction,
  principal: PrincipalFact,
): Promise<void> {
  const { id, kind, status, subject } = principal;
  if (status === 'ERASED') await forgetPrincipal(tx, principal);
  const change = { where: { id }, data: { status, subject } };
  if (kind === 'USER') {
    await tx.user.updateMany(change);
    return;
  }
  await tx.serviceAccount.updateMany(change);
  if (status === 'DEPROVISIONED') {
    await tx.serviceAccountCredential.deleteMany({ where: { serviceAccountId: id } });
  }
}

/** What the row of a user or service account says beyond its fact. */
export interface PrincipalRow {
  readonly version: number;
  /** The source whose connection alone changes it; null: nobody's. */
  readonly managedBy: string | null;
}

/** Null: no such user or service account. */
export async function findPrincipal(
  tx: TenantTransaction,
  { id, kind }: Pick<PrincipalFact, 'id' | 'kind'>,
): Promise<PrincipalRow | null> {
  if (kind === 'USER') {
    return tx.user.findFirst({ where: { id }, select: { version: true, managedBy: true } });
  }
  const found = await tx.serviceAccount.findFirst({ where: { id }, select: { version: true } });
  return found && { ...found, managedBy: null };
}
