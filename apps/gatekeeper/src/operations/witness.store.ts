import { accessEventV1, barV1, historyPointV1, type WitnessedRevisionV1 } from '@bastion/contracts';
import { eventToWire } from '@bastion/platform';
import type { AccessEvent } from '@bastion/policy';
import { z } from 'zod';
import type { Database } from '../database/database.js';
import type { Bar } from '../projection/index.js';

/** A page ends early beyond this, in bytes as stored. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;

const cursorSchema = historyPointV1.extend({
  state: z.string(),
  state_reason: z.string().nullable(),
});

/** How far the projection is, and what bars it. */
export interface ProjectionCursor {
  readonly point: z.infer<typeof historyPointV1>;
  readonly bar: Bar | null;
}

/** Reads what the projection remembers beside the facts, as the role that may only read. */
export class WitnessStore {
  constructor(private readonly database: Pick<Database, 'inTenant'>) {}

  /** Undefined: there is no projection of the tenant. */
  async cursor(tenantId: string): Promise<ProjectionCursor | undefined> {
    const [row] = await this.database.inTenant(
      tenantId,
      (tx) => tx.$queryRaw<object[]>`
        SELECT epoch, revision::float8 AS revision, digest, state, state_reason
        FROM projection_cursors WHERE tenant_id = ${tenantId}`,
    );
    if (!row) return undefined;
    const { state, state_reason: reason, ...point } = cursorSchema.parse(row);
    if (state === 'FOLLOWING') return { point, bar: null };
    return { point, bar: { state: barV1.shape.state.parse(state), reason: reason ?? '' } };
  }

  /** What was applied of an epoch before a revision, the latest first, at most `limit`. */
  async history(
    tenantId: string,
    { epoch, before, limit }: { epoch: number; before: number; limit: number },
  ): Promise<WitnessedRevisionV1[]> {
    const rows = await this.database.inTenant(
      tenantId,
      (tx) => tx.$queryRaw<HistoryRow[]>`
        SELECT epoch, revision, digest, events FROM (
          SELECT epoch, revision::float8 AS revision, digest, events,
                 sum(pg_column_size(events)) OVER (ORDER BY revision DESC)
                   - pg_column_size(events) AS bytes_before
          FROM (SELECT * FROM projection_history
                WHERE tenant_id = ${tenantId} AND epoch = ${epoch} AND revision < ${before}
                ORDER BY revision DESC LIMIT ${limit}) latest
        ) weighed
        WHERE bytes_before < ${MAX_PAGE_BYTES} ORDER BY revision DESC`,
    );
    return rows.map(({ events, ...point }) => ({ ...point, events: events.map(wireOf) }));
  }
}

interface HistoryRow extends z.infer<typeof historyPointV1> {
  readonly events: readonly AccessEvent[];
}

/** An event as it was applied, and hence stored, as the one that it came as. */
function wireOf(event: AccessEvent) {
  return accessEventV1.parse(eventToWire(event));
}
