import { factsDigestV1, historyDigestV1, readTenantFacts } from '@bastion/contracts';
import { inSlices } from '@bastion/platform';
import { z } from 'zod';
import type { Database } from '../database/database.js';
import { factsOf } from '../owner/index.js';
import { tenantOfRows } from './fact-rows.js';
import type { StoredTenant } from './snapshot.refresher.js';

/** For the largest tenants. */
const LOAD_TIMEOUT_MS = 30_000;

const positionSchema = z.object({
  epoch: z.number().int().positive(),
  revision: z.number().int().nonnegative(),
  digest: historyDigestV1,
  factsDigest: factsDigestV1,
});

/** Reads whole tenants out of the projection, as the role that may only read. */
export class SnapshotStore {
  constructor(private readonly database: Pick<Database, 'inTenant'>) {}

  /**
   * All facts of a tenant at the projection's position; undefined: it has none.
   * Throws when the rows are not what the projector writes: nothing is answered from such.
   */
  async load(tenantId: string): Promise<StoredTenant | undefined> {
    const rows = await this.database.inTenant(
      tenantId,
      // One statement, as only that sees position and facts of the same moment.
      (tx) => tx.$queryRaw<{ kind: string; facts: unknown[] }[]>`
        SELECT 'position' AS kind,
               jsonb_build_array(jsonb_build_object(
                 'epoch', epoch, 'revision', revision, 'digest', digest,
                 'factsDigest', facts_digest)) AS facts
        FROM projection_cursors WHERE tenant_id = ${tenantId}
        UNION ALL
        SELECT kind, jsonb_agg(fact) FROM projected_facts
        WHERE tenant_id = ${tenantId} GROUP BY kind`,
      { timeoutMs: LOAD_TIMEOUT_MS },
    );
    const byKind = new Map(rows.map(({ kind, facts }) => [kind, facts]));
    const [position] = byKind.get('position') ?? [];
    if (position === undefined) return undefined;
    const { factsDigest, ...point } = positionSchema.parse(position);
    return {
      point,
      factsDigest,
      facts: factsOf(await inSlices(readTenantFacts(tenantOfRows(byKind)))),
    };
  }
}
