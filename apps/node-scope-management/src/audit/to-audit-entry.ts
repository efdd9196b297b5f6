import { z } from 'zod';
import type { AuditEntry } from './audit.model.js';

/** What every entry says; whatever else it says stays in the chain. */
const entrySchema = z.object({
  operation: z.string(),
  target: z.string(),
  actor: z.object({
    kind: z.enum(['PRINCIPAL', 'OPERATOR']),
    principalId: z.string().nullable().default(null),
  }),
  origin: z.record(z.string(), z.string()),
  outcome: z.string(),
  reason: z.string().nullable(),
  epoch: z.number().int().nullable().default(null),
  revision: z.number().int().nullable().default(null),
  changes: z.array(z.unknown()),
});

export function toAuditEntry(row: {
  readonly sequence: bigint;
  readonly occurredAt: Date;
  readonly entry: unknown;
  readonly previousHash: string;
  readonly hash: string;
}): AuditEntry {
  const { sequence, occurredAt, previousHash, hash } = row;
  const said = entrySchema.parse(row.entry);
  return {
    ...said,
    id: String(sequence),
    sequence: Number(sequence),
    occurredAt,
    previousHash,
    hash,
  };
}
