import { inSlices, sha256 } from '@bastion/platform';
import { areComparable, digestSteps } from '@bastion/policy';
import { ZodError } from 'zod';
import { comparePositions, type HistoryPoint } from '../owner/index.js';
import type { ApplyAccessChangeCommand } from './apply-access-change.command.js';
import type { ProjectionLogger } from './projection-logger.js';
import type { ProjectionStore } from './projection.store.js';
import type { StoredTenant } from './snapshot.refresher.js';

export interface VerifierParts {
  readonly stored: (tenantId: string) => Promise<StoredTenant | undefined>;
  readonly projection: Pick<ProjectionStore, 'forgetHistory'>;
  readonly projector: Pick<ApplyAccessChangeCommand, 'seen' | 'resync'>;
  readonly historyDays: number;
  readonly logger: ProjectionLogger;
}

/** What counting the stored facts of a tenant again came to. */
export interface Verification {
  readonly tenantId: string;
  /** Where the stored facts are; null: nothing is stored. */
  readonly point: HistoryPoint | null;
  /** As the owner said at this revision; null: it did not say, or nothing is stored. */
  readonly expected: string | null;
  readonly counted: string | null;
  readonly differs: boolean;
}

/**
 * Counts the rows of the projection again and compares them with what the owner said they are: what
 * was changed there by hand, damaged, or restored to an earlier point is found and replaced.
 */
export class VerifyProjectionCommand {
  constructor(private readonly parts: VerifierParts) {}

  /** One tenant after the other, so that the database is never busy with this alone. */
  async runAll(): Promise<void> {
    for (const tenantId of this.parts.projector.seen().keys()) {
      await this.run(tenantId);
      await this.parts.projection.forgetHistory(tenantId, this.parts.historyDays);
    }
  }

  async run(tenantId: string): Promise<Verification> {
    const { projector, logger } = this.parts;
    // INVARIANT: before the rows, which only go forward from there.
    const remembered = projector.seen().get(tenantId)?.position;
    const verification = await this.count(tenantId);
    const { point, differs } = verification;
    const wentBack = remembered && (!point || comparePositions(point, remembered) < 0);
    if (differs || wentBack) {
      const what = differs ? 'differs from what the owner sent' : 'went back';
      logger.error({ ...verification, remembered }, `the projection ${what}: replaced`);
      await projector.resync(tenantId);
    }
    return verification;
  }

  /** Counts without replacing anything. */
  async count(tenantId: string): Promise<Verification> {
    const nothing = { tenantId, point: null, expected: null, counted: null };
    const stored = await this.#stored(tenantId);
    if (!stored) return { ...nothing, differs: false };
    if (stored === 'UNREADABLE') return { ...nothing, differs: true };
    const { point, factsDigest: expected } = stored;
    const counted = await inSlices(digestSteps(stored.facts, sha256));
    const differs = areComparable(expected, counted) && expected !== counted;
    return { tenantId, point, expected, counted, differs };
  }

  /** Rows of another shape than any that is written were damaged like those of another content. */
  async #stored(tenantId: string): Promise<StoredTenant | undefined | 'UNREADABLE'> {
    try {
      return await this.parts.stored(tenantId);
    } catch (error) {
      if (!(error instanceof ZodError)) throw error;
      this.parts.logger.error({ tenantId, err: error }, 'the projection is not readable');
      return 'UNREADABLE';
    }
  }
}
