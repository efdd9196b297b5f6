import { z } from 'zod';
import { followingStateV1 } from './access-applied.v1.js';
import { accessEventV1 } from './access-changed.v1.js';
import { tenantFactsV1 } from './access-facts.v1.js';
import { factsDigestV1, historyDigestV1 } from './digests.v1.js';

/**
 * gatekeeper's endpoints for operators under `/sync/v1`: where a replica stands, and what it knows of
 * a history that its owner may have lost. Only services that are named are answered.
 */

const tenantId = z.string().min(1).max(128);

/** A revision, and the name of the history that leads up to it. */
export const historyPointV1 = z.object({
  epoch: z.number().int().positive(),
  revision: z.number().int().nonnegative(),
  digest: historyDigestV1,
});
export type HistoryPointV1 = z.infer<typeof historyPointV1>;

/** Why nothing of a tenant is answered. */
export const barV1 = z.object({
  state: followingStateV1.exclude(['FOLLOWING']),
  reason: z.string().max(1_000),
});
export type BarV1 = z.infer<typeof barV1>;

/** One tenant as one replica has it. */
export const replicaTenantV1 = z.object({
  tenantId,
  /** In memory; null: nobody asked about the tenant lately. */
  held: historyPointV1
    .extend({
      factsDigest: factsDigestV1,
      /** FRESH: answered from. SERVABLE: answered from and marked as stale. STALE: denied. */
      standing: z.enum(['FRESH', 'SERVABLE', 'STALE']),
    })
    .nullable(),
  bar: barV1.nullable(),
  /** The projection as this process last saw it; null: it has not looked yet. */
  projection: z.object({ point: historyPointV1.nullable(), bar: barV1.nullable() }).nullable(),
});
export type ReplicaTenantV1 = z.infer<typeof replicaTenantV1>;

/** `GET /sync/v1/status?tenantId=`: all tenants that this process has to do with, or the named one. */
export const replicaStatusV1 = z.object({
  replicaId: z.string().min(1).max(128),
  tenants: z.array(replicaTenantV1),
});
export type ReplicaStatusV1 = z.infer<typeof replicaStatusV1>;

export const replicaStatusQueryV1 = z.object({ tenantId: tenantId.optional() });

/**
 * `POST /sync/v1/tenants/:tenantId/resync`: takes all facts of the tenant from the owner anew, into
 * the projection and into this replica's memory. Answers how the tenant is afterwards.
 */
export const resyncResponseV1 = replicaTenantV1;

/** `GET /sync/v1/tenants/:tenantId/digest`: the stored facts counted again, and those in memory. */
export const digestResponseV1 = z.object({
  tenantId,
  /** Null: nothing is stored. */
  projection: historyPointV1
    .extend({
      /** What the owner said; null: it did not. */
      expected: factsDigestV1,
      counted: factsDigestV1,
      /** Whether the two contradict each other. */
      differs: z.boolean(),
    })
    .nullable(),
  held: historyPointV1.extend({ factsDigest: factsDigestV1 }).nullable(),
});
export type DigestResponseV1 = z.infer<typeof digestResponseV1>;

/** `GET /sync/v1/tenants/:tenantId/witness`: how far the tenant's history is known here. */
export const witnessV1 = z.object({
  tenantId,
  point: historyPointV1,
  /** REPLICA: this process has in memory what the projection does not have yet. */
  source: z.enum(['PROJECTION', 'REPLICA']),
  /** Of the projection. */
  bar: barV1.nullable(),
});
export type WitnessV1 = z.infer<typeof witnessV1>;

/** `GET /sync/v1/tenants/:tenantId/witness/facts`: all facts at that point. */
export const witnessFactsV1 = witnessV1.extend({
  facts: tenantFactsV1,
  /** As the owner said at that point; null: it did not. */
  factsDigest: factsDigestV1,
});
export type WitnessFactsV1 = z.infer<typeof witnessFactsV1>;

/** The end of an epoch's history, page by page from its latest revision down. */
export const witnessHistoryQueryV1 = z.object({
  epoch: z.coerce.number().int().positive(),
  /** Only what is earlier than that. */
  before: z.coerce.number().int().positive(),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});

export const witnessedRevisionV1 = historyPointV1.extend({ events: z.array(accessEventV1) });
export type WitnessedRevisionV1 = z.infer<typeof witnessedRevisionV1>;

/**
 * `GET /sync/v1/tenants/:tenantId/witness/history?epoch=&before=&limit=`: what was applied, the latest
 * first. A revision that is left out was taken with a snapshot, or is kept no longer. An empty page
 * ends it; a page ends early where it gets large.
 */
export const witnessHistoryV1 = z.object({ revisions: z.array(witnessedRevisionV1) });
export type WitnessHistoryV1 = z.infer<typeof witnessHistoryV1>;
