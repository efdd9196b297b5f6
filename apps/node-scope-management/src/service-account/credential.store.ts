import type { TenantTransaction } from '../database/app-database.js';

/** A credential as people see it: never the secret, nor what proves it. */
export interface Credential {
  readonly id: string;
  /** How the secret ends. */
  readonly hint: string;
  readonly createdAt: Date;
  /** Null: never. */
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
}

export interface NewCredential {
  readonly id: string;
  readonly serviceAccountId: string;
  readonly hash: string;
  readonly hint: string;
  readonly expiresAt: Date | null;
}

const VISIBLE = { id: true, hint: true, createdAt: true, expiresAt: true, lastUsedAt: true };

/** Takes away those of a service account that have expired, and counts the others. */
export async function countValidCredentials(
  tx: TenantTransaction,
  serviceAccountId: string,
): Promise<number> {
  await tx.$executeRaw`
    DELETE FROM service_account_credentials
    WHERE service_account_id = ${serviceAccountId}::uuid AND expires_at <= now()`;
  return tx.serviceAccountCredential.count({ where: { serviceAccountId } });
}

export async function insertCredential(
  tx: TenantTransaction,
  tenantId: string,
  credential: NewCredential,
): Promise<void> {
  await tx.serviceAccountCredential.create({ data: { tenantId, ...credential } });
}

export async function deleteCredential(tx: TenantTransaction, id: string): Promise<void> {
  await tx.serviceAccountCredential.deleteMany({ where: { id } });
}

/**
 * All that there are in the transaction's tenant.
 *
 * INVARIANT: for a database that was restored to an earlier point: no witness knows which of the
 * credentials in it have been revoked since.
 */
export async function deleteAllCredentials(tx: TenantTransaction): Promise<void> {
  await tx.serviceAccountCredential.deleteMany({});
}

/** Whose a credential is; undefined: there is none. */
export async function ownerOfCredential(
  tx: TenantTransaction,
  id: string,
): Promise<string | undefined> {
  const found = await tx.serviceAccountCredential.findFirst({
    where: { id },
    select: { serviceAccountId: true },
  });
  return found?.serviceAccountId;
}

export async function findCredential(
  tx: TenantTransaction,
  id: string,
): Promise<Credential | null> {
  return tx.serviceAccountCredential.findFirst({ where: { id }, select: VISIBLE });
}

/** By the id of the service account, the latest last: all of them in one statement. */
export async function credentialsOf(
  tx: TenantTransaction,
  serviceAccountIds: readonly string[],
): Promise<ReadonlyMap<string, Credential[]>> {
  const found = new Map<string, Credential[]>(serviceAccountIds.map((id) => [id, []]));
  const rows = await tx.serviceAccountCredential.findMany({
    where: { serviceAccountId: { in: [...serviceAccountIds] } },
    select: { ...VISIBLE, serviceAccountId: true },
    orderBy: { id: 'asc' },
  });
  for (const { serviceAccountId, ...credential } of rows) {
    found.get(serviceAccountId)?.push(credential);
  }
  return found;
}

/** What a client that asks for a token is held against. */
export interface Authentication {
  readonly credentialId: string;
  readonly hash: string;
  /** Of the service account. */
  readonly subject: string;
}

/** What counts just now of an active service account in an active tenant; nothing for anybody else. */
export async function findAuthentications(
  tx: TenantTransaction,
  serviceAccountId: string,
): Promise<Authentication[]> {
  return tx.$queryRaw<Authentication[]>`
    SELECT c.id::text AS "credentialId", c.hash, a.subject
    FROM service_account_credentials c
    JOIN service_accounts a ON a.tenant_id = c.tenant_id AND a.id = c.service_account_id
    JOIN tenants t ON t.tenant_id = c.tenant_id
    WHERE c.service_account_id = ${serviceAccountId}::uuid
      AND a.status = 'ACTIVE' AND t.status = 'ACTIVE'
      AND (c.expires_at IS NULL OR c.expires_at > now())`;
}

/** To the minute, so that a busy client does not write with every token. */
export async function noteUse(tx: TenantTransaction, credentialId: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE service_account_credentials SET last_used_at = now()
    WHERE id = ${credentialId}::uuid
      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`;
}
