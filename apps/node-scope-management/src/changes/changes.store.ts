import { z } from 'zod';
import type { AccessEvent } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';

/** One entry of the audit that changed facts. */
export interface CommittedChange {
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly operation: string;
  readonly target: string;
  /** null: an operator. */
  readonly actorId: string | null;
  readonly epoch: number;
  readonly revision: number;
  /** Of the history up to there; null: the outbox keeps it no longer. */
  readonly digest: string | null;
  readonly events: readonly AccessEvent[];
}

const entrySchema = z.object({
  operation: z.string(),
  target: z.string(),
  actor: z.object({ principalId: z.string().nullable().default(null) }),
  epoch: z.number().int(),
  revision: z.number().int(),
  // As they were written in the change's own transaction.
  changes: z.array(z.object({ event: z.custom<AccessEvent>() })),
});

interface Row {
  readonly sequence: bigint;
  readonly occurred_at: Date;
  readonly entry: unknown;
  readonly digest: string | null;
}

/** What changed facts after an entry of the audit, in the order of the commits. */
export async function readChangesAfter(
  tx: TenantTransaction,
  sequence: number,
  limit: number,
): Promise<CommittedChange[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT sequence, occurred_at, entry, body ->> 'digest' AS digest
    FROM audit_entries AS audit
    LEFT JOIN outbox_messages AS message
      ON message.tenant_id = audit.tenant_id
      AND message.epoch = (audit.entry ->> 'epoch')::integer
      AND message.revision = (audit.entry ->> 'revision')::bigint
    WHERE sequence > ${sequence} AND audit.entry -> 'changes' <> '[]'::jsonb
      AND audit.entry ? 'epoch'
    ORDER BY sequence LIMIT ${limit}`;
  return rows.map((row) => {
    const { actor, changes, ...entry } = entrySchema.parse(row.entry);
    return {
      ...entry,
      sequence: Number(row.sequence),
      occurredAt: row.occurred_at,
      actorId: actor.principalId,
      digest: row.digest,
      events: changes.map(({ event }) => event),
    };
  });
}

/** Where the transaction's tenant is: its last entry in the audit, and its revision. */
export async function readPresent(
  tx: TenantTransaction,
): Promise<{ sequence: number; epoch: number; revision: number; digest: string }> {
  const [row] = await tx.$queryRaw<
    { sequence: bigint; epoch: number; revision: bigint; digest: string }[]
  >`SELECT audit_sequence AS sequence, epoch, revision, history_digest AS digest
    FROM tenant_counters`;
  if (!row) throw new Error('A tenant without a counter');
  return { ...row, sequence: Number(row.sequence), revision: Number(row.revision) };
}
