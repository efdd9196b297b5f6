import { z } from 'zod';
import { historyDigestV1 } from './digests.v1.js';

const id = z.string().min(1).max(128);

/**
 * FOLLOWING: answers are given. FENCED: the owner's history is not the one applied here.
 * QUARANTINED: what the owner sends cannot be applied. The last two deny everything.
 */
export const followingStateV1 = z.enum(['FOLLOWING', 'FENCED', 'QUARANTINED']);
export type FollowingStateV1 = z.infer<typeof followingStateV1>;

export const appliedPositionV1 = z.object({
  tenantId: id,
  epoch: z.number().int().positive(),
  revision: z.number().int().nonnegative(),
  digest: historyDigestV1,
  state: followingStateV1,
});
export type AppliedPositionV1 = z.infer<typeof appliedPositionV1>;

/**
 * How far a consumer is, sent back to the owner: what changed since it last said so. PROJECTION: what
 * is in the consumer's database; the outbox is kept until it has it. REPLICA: what one process
 * answers from; a write that waits until it is enforced everywhere waits for these.
 */
export const accessAppliedV1 = z.object({
  consumer: z.object({ kind: z.enum(['PROJECTION', 'REPLICA']), id }),
  /** The message types it understands: a new major version is sent only when all have it. */
  accepts: z.array(z.string().min(1).max(64)).max(32),
  /** For how long after asking the owner it may answer from what it has. */
  leaseMs: z.number().int().nonnegative(),
  positions: z.array(appliedPositionV1).max(10_000),
});
export type AccessAppliedV1 = z.infer<typeof accessAppliedV1>;

/** The AMQP message type and Nest event pattern that carries {@link accessAppliedV1}. */
export const ACCESS_APPLIED_V1 = 'access-applied.v1';
