import type { PrincipalFact } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';

/**
 * Takes away whatever of this database says who a principal was, while its row still has the subject by
 * which some of it is found. What stays, and until when, is in decision 23.
 *
 * INVARIANT: a place where something personal is kept is emptied here, or listed there with its end; a
 * test looks for the person in every column of every table.
 */
export async function forgetPrincipal(
  tx: TenantTransaction,
  { id, kind, subject: tombstone }: PrincipalFact,
): Promise<void> {
  // What a retry is known by is kept under the subject of whoever called.
  await tx.$executeRaw`
    DELETE FROM idempotency_keys
    WHERE caller IN (SELECT 'subject:' || subject FROM users WHERE id = ${id}::uuid
                     UNION ALL
                     SELECT 'subject:' || subject FROM service_accounts WHERE id = ${id}::uuid)`;
  await tx.externalId.deleteMany({ where: { entityId: id } });
  await tx.$executeRaw`
    UPDATE restored_grants SET fact = jsonb_set(fact, '{principal,subject}', to_jsonb(${tombstone}::text))
    WHERE fact #>> '{principal,id}' = ${id}`;
  await tx.$executeRaw`
    UPDATE restore_witnesses
    SET facts = jsonb_set(facts, '{principals}', (
      SELECT coalesce(jsonb_agg(
        CASE WHEN p ->> 'id' = ${id} THEN jsonb_set(p, '{subject}', to_jsonb(${tombstone}::text))
             ELSE p END), '[]')
      FROM jsonb_array_elements(facts -> 'principals') p))`;
  const name = `erased-${id}`;
  if (kind === 'USER') {
    const data = { userName: name, displayName: name, email: null, metadata: {} };
    await tx.user.updateMany({ where: { id }, data });
  } else {
    await tx.serviceAccount.updateMany({ where: { id }, data: { name, description: '' } });
  }
}
