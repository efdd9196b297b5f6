import { z } from 'zod';
import { accessChangedV1 } from './access-changed.v1.js';
import { tenantFactsV1 } from './access-facts.v1.js';

/**
 * The owner's pull endpoints under `/sync/v1`: what a consumer repairs itself from and earns its
 * lease with. Correctness rests on these; the broker only makes it fast.
 */

const tenantId = z.string().min(1).max(128);

/** The owner counts in 32 bits. */
const MAX_EPOCH = 2 ** 31 - 1;

export const headV1 = z.object({
  tenantId,
  epoch: z.number().int().positive(),
  revision: z.number().int().nonnegative(),
});
export type HeadV1 = z.infer<typeof headV1>;

/** `POST /sync/v1/heads`: the heads of the named tenants, or of all when none are named. */
export const headsRequestV1 = z.object({ tenantIds: z.array(tenantId).max(10_000).optional() });

/** A tenant that is asked for and not listed does not exist at the owner. */
export const headsResponseV1 = z.object({ heads: z.array(headV1) });
export type HeadsResponseV1 = z.infer<typeof headsResponseV1>;

/** `GET /sync/v1/tenants/:tenantId/changes?epoch=&after=&limit=` */
export const changesQueryV1 = z.object({
  epoch: z.coerce.number().int().positive().max(MAX_EPOCH),
  after: z.coerce.number().int().nonnegative(),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
});

/**
 * RANGE: the change sets after `after`, in order, without gaps. GONE: the epoch has ended or the
 * range is no longer kept; take a snapshot.
 */
export const changesResponseV1 = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('RANGE'), head: headV1, changes: z.array(accessChangedV1) }),
  z.object({ kind: z.literal('GONE'), head: headV1 }),
]);
export type ChangesResponseV1 = z.infer<typeof changesResponseV1>;

/** `GET /sync/v1/tenants/:tenantId/snapshot` */
export const snapshotResponseV1 = z.object({ head: headV1, facts: tenantFactsV1 });
export type SnapshotResponseV1 = z.infer<typeof snapshotResponseV1>;
