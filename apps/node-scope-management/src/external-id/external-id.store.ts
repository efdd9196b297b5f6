import type { GranteeKind } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { refuseTaken } from '../database/unique-violation.js';
import { Prisma } from '../generated/prisma/client.js';
import type { ExternalId } from './external-id.model.js';

/** Something that connections have names for. */
interface Named {
  readonly kind: GranteeKind;
  readonly id: string;
}

/**
 * Makes these the names that connections have for something, and no others. Rejects with
 * ALREADY_EXISTS when one of them is that of something else that lives: who has ended keeps theirs,
 * so that a late message finds them, until it is given away.
 */
export async function replaceExternalIds(
  tx: TenantTransaction,
  tenantId: string,
  { kind, id }: Named,
  externalIds: readonly ExternalId[],
): Promise<void> {
  await deleteExternalIds(tx, id);
  for (const { connection, externalId } of externalIds) {
    await tx.$executeRaw`
      DELETE FROM external_ids e USING users u
      WHERE e.connection = ${connection} AND e.kind = ${kind}::grantee_kind
        AND e.external_id = ${externalId} AND u.id = e.entity_id
        AND u.status IN ('DEPROVISIONED', 'ERASED')`;
  }
  const data = externalIds.map(({ connection, externalId }) => ({
    ...{ tenantId, connection, kind, externalId },
    entityId: id,
  }));
  await refuseTaken(
    'A connection calls something else by this external id already.',
    tx.externalId.createMany({ data }),
  );
}

export async function deleteExternalIds(tx: TenantTransaction, id: string): Promise<void> {
  await tx.externalId.deleteMany({ where: { entityId: id } });
}

/** By the id of what is named: all of them in one statement. */
export async function externalIdsOf(
  tx: TenantTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ExternalId[]>> {
  const found = new Map<string, ExternalId[]>(ids.map((id) => [id, []]));
  if (ids.length === 0) return found;
  const rows = await tx.externalId.findMany({
    where: { entityId: { in: [...ids] } },
    orderBy: { connection: 'asc' },
  });
  for (const { entityId, connection, externalId } of rows) {
    found.get(entityId)?.push({ connection, externalId });
  }
  return found;
}

/** Whether a row with an `id` is what a connection calls so. */
export function isCalled(kind: GranteeKind, { connection, externalId }: ExternalId): Prisma.Sql {
  return Prisma.sql`id IN (
    SELECT entity_id FROM external_ids
    WHERE connection = ${connection} AND kind = ${kind}::grantee_kind
      AND external_id = ${externalId})`;
}
