import { z } from 'zod';
import { accessAppliedV1 } from './access-applied.v1.js';
import { accessChangedV1 } from './access-changed.v1.js';
import { tenantFactsV1 } from './access-facts.v1.js';
import { factsDigestV1, GENESIS_DIGEST, historyDigestV1 } from './digests.v1.js';

/**
 * The owner's pull endpoints under `/sync/v1`: what a consumer repairs itself from and earns its
 * lease with. Correctness rests on these; the broker only makes it fast.
 */

const tenantId = z.string().min(1).max(128);

/** The owner counts in 32 bits. */
const MAX_EPOCH = 2 ** 31 - 1;
const epoch = z.number().int().positive().max(MAX_EPOCH);
const revision = z.number().int().nonnegative();

/**
 * How the present epoch began, when it is not the first: the owner was restored to an earlier point.
 * `witnessed`: how far a consumer had seen the history that ended, with everything it knew of
 * revocations applied again; whoever stands further than that knows of more, and must not go on.
 * null: an operator has decided to go on without a witness.
 */
export const epochBeginningV1 = z.object({
  witnessed: z.object({ epoch, revision }).nullable(),
});

export const headV1 = z.object({
  tenantId,
  epoch,
  revision,
  digest: historyDigestV1.default(GENESIS_DIGEST),
  factsDigest: factsDigestV1.default(null),
  /** Null: the first epoch, or an owner that does not say. */
  began: epochBeginningV1.nullable().default(null),
});
export type HeadV1 = z.infer<typeof headV1>;

/**
 * `POST /sync/v1/heads`: the heads of the named tenants, or of all when none are named. A replica
 * says in the same round trip what it has applied: that is what counts when nothing arrives by AMQP.
 */
export const headsRequestV1 = z.object({
  tenantIds: z.array(tenantId).max(10_000).optional(),
  applied: accessAppliedV1.optional(),
});
export type HeadsRequestV1 = z.infer<typeof headsRequestV1>;

/** A tenant that is asked for and not listed does not exist at the owner. */
export const headsResponseV1 = z.object({
  heads: z.array(headV1),
  /** The owner's wall clock while it answered, epoch milliseconds; null: it does not say. */
  now: z.number().int().nullable().default(null),
});
export type HeadsResponseV1 = z.infer<typeof headsResponseV1>;

/** What version 1 says by now that no reader may pass over. */
export const SYNC_ADDITIONS = [
  'resources',
  'conditionalAssignments',
  'everyoneAssignments',
] as const;
export type SyncAddition = (typeof SYNC_ADDITIONS)[number];

/**
 * Who asks, in the query of the two endpoints below: a replica may answer from what it is told for
 * the length of its lease, and the owner remembers that before it tells.
 *
 * `reads` names, separated by commas, the {@link SYNC_ADDITIONS} that the asker knows. The facts of a
 * tenant that has any other are refused to it (READER_OUTDATED): it would ignore what denies.
 */
export const askerV1 = z.object({
  consumer: z.string().min(1).max(128).optional(),
  leaseMs: z.coerce.number().int().nonnegative().default(0),
  reads: z.string().max(256).default(''),
});

/** `GET /sync/v1/tenants/:tenantId/changes?epoch=&after=&digest=&limit=&consumer=&leaseMs=` */
export const changesQueryV1 = askerV1.extend({
  epoch: z.coerce.number().int().positive().max(MAX_EPOCH),
  after: z.coerce.number().int().nonnegative(),
  /** What the asker has as the digest of `after`; without it nothing is compared. */
  digest: historyDigestV1.optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});

/**
 * RANGE: the change sets after `after`, in order, without gaps. GONE: the epoch has ended or the
 * range is no longer kept; take a snapshot. FORKED: the asker stands in a history that is not the
 * owner's: ahead of it, or at a revision that is another one here.
 */
export const changesResponseV1 = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('RANGE'), head: headV1, changes: z.array(accessChangedV1) }),
  z.object({ kind: z.literal('GONE'), head: headV1 }),
  z.object({ kind: z.literal('FORKED'), head: headV1 }),
]);
export type ChangesResponseV1 = z.infer<typeof changesResponseV1>;

/** `GET /sync/v1/tenants/:tenantId/snapshot?consumer=&leaseMs=` */
export const snapshotResponseV1 = z.object({ head: headV1, facts: tenantFactsV1 });
export type SnapshotResponseV1 = z.infer<typeof snapshotResponseV1>;
