import { ApiError, canonicalJson, lineOfText, parseInput, sha256 } from '@bastion/platform';
import { z } from 'zod';
import type { TenantTransaction } from '../database/app-database.js';
import type { WriteOutcome, Writer, WriteRequest } from './write-request.js';

/** Names one intended write: per tenant and caller, kept for 24 hours. */
export interface IdempotencyKey {
  readonly caller: string;
  readonly key: string;
  readonly requestHash: string;
}

const KEPT_FOR_MS = 24 * 60 * 60 * 1_000;

const keyInput = z.object({ idempotencyKey: lineOfText(200) });
const outcomeSchema = z.object({
  id: z.string(),
  epoch: z.number(),
  revision: z.number(),
  digest: z.string().optional(),
});

/** The key a request is remembered under; null without one. Throws INVALID_INPUT. */
export function identify(writer: Writer, request: WriteRequest): IdempotencyKey | null {
  const { operation, input, reason, idempotencyKey } = request;
  if (idempotencyKey === undefined || idempotencyKey === null) return null;
  const { idempotencyKey: key } = parseInput(keyInput, { idempotencyKey });
  const caller = 'operator' in writer ? `operator:${writer.operator}` : `subject:${writer.subject}`;
  // Through JSON, as it came over the wire: dates are texts there and what is not given is absent.
  const body = JSON.parse(JSON.stringify({ operation, input, reason })) as unknown;
  return { caller, key, requestHash: sha256(canonicalJson(body)) };
}

/**
 * The outcome of the same request made before, or null.
 * Throws IDEMPOTENCY_KEY_REUSED when the key came with another request.
 */
export async function findOutcome(
  tx: TenantTransaction,
  tenantId: string,
  { caller, key, requestHash }: IdempotencyKey,
): Promise<WriteOutcome | null> {
  const row = await tx.idempotencyKey.findUnique({
    where: {
      tenantId_caller_key: { tenantId, caller, key },
      createdAt: { gt: new Date(Date.now() - KEPT_FOR_MS) },
    },
  });
  if (!row) return null;
  if (row.requestHash !== requestHash) {
    throw new ApiError(
      'IDEMPOTENCY_KEY_REUSED',
      'This idempotency key came with another request before; use a new key for a new request.',
    );
  }
  return outcomeSchema.parse(row.result);
}

export async function rememberOutcome(
  tx: TenantTransaction,
  tenantId: string,
  { caller, key, requestHash }: IdempotencyKey,
  outcome: WriteOutcome,
): Promise<void> {
  const forgotten = { createdAt: { lte: new Date(Date.now() - KEPT_FOR_MS) } };
  await tx.idempotencyKey.deleteMany({ where: { tenantId, OR: [{ caller, key }, forgotten] } });
  await tx.idempotencyKey.create({
    data: { tenantId, caller, key, requestHash, result: { ...outcome } },
  });
}
