import { hasReached, type Position } from '../owner/index.js';
import { isFresh } from './lease.js';
import type { MonotonicClock } from './monotonic-clock.js';
import type { HeldTenant, SnapshotHolder } from './snapshot.holder.js';
import type { SnapshotRefresher } from './snapshot.refresher.js';

/**
 * PRESENT: to be answered from, as long as `SnapshotReader.isFresh` says so afterwards.
 * NO_TENANT: the owner said so, within the lease. STALE: nothing here may be answered from.
 * HISTORY_ENDED: the position asked for is of an epoch that is over.
 */
export type Reading =
  | { readonly kind: 'PRESENT'; readonly held: HeldTenant }
  | { readonly kind: 'NO_TENANT' | 'STALE' }
  | { readonly kind: 'HISTORY_ENDED' };

export interface ReaderParts {
  readonly holder: SnapshotHolder;
  readonly refresher: Pick<SnapshotRefresher, 'noteUse' | 'refresh'>;
  readonly clock: MonotonicClock;
  /** How long a question may wait for a tenant to be loaded, or to get to a position. */
  readonly waitMs: number;
}

/** What a question is answered from: one immutable snapshot, recent enough. */
export class SnapshotReader {
  constructor(private readonly parts: ReaderParts) {}

  /** The tenant, at `atLeast` or later. Waits only while that can help, and never beyond its bound. */
  async read(tenantId: string, atLeast?: Position): Promise<Reading> {
    const { refresher, clock } = this.parts;
    refresher.noteUse(tenantId);
    const reading = this.#look(tenantId, atLeast);
    if (reading) return reading;

    const refreshed = refresher.refresh(tenantId, atLeast);
    const timeout = new AbortController();
    try {
      const arrived = this.parts.holder.until(
        tenantId,
        () => this.#look(tenantId, atLeast) !== undefined,
        timeout.signal,
      );
      const expired = clock.sleep(this.parts.waitMs, timeout.signal);
      // A revision may still come by message after a pull that failed; a lease or a tenant will not.
      await Promise.race([arrived, expired, ...(atLeast ? [] : [refreshed])]);
    } finally {
      timeout.abort();
    }
    return this.#look(tenantId, atLeast) ?? { kind: 'STALE' };
  }

  /** What is held of the tenant, fresh or not; undefined: nothing. Not to decide from. */
  peek(tenantId: string): HeldTenant | undefined {
    return this.parts.holder.held(tenantId);
  }

  /**
   * Whether the lease still holds. To be asked after the answer has been worked out: the process may
   * have been stopped for any time in the middle of it.
   */
  isFresh(held: HeldTenant): boolean {
    return isFresh(held.freshUntil, this.parts.clock.now());
  }

  /** What can be said at once; undefined: waiting may help. */
  #look(tenantId: string, atLeast: Position | undefined): Reading | undefined {
    const knowledge = this.parts.holder.know(tenantId);
    if (knowledge?.kind === 'PRESENT') {
      const { held } = knowledge;
      // INVARIANT: a position of an epoch that is over is never taken for reached, though the present
      // epoch is later: what was promised at it may not be part of the present history.
      if (atLeast && atLeast.epoch < held.epoch) return { kind: 'HISTORY_ENDED' };
      if (!this.isFresh(held) || (atLeast && !hasReached(held, atLeast))) return undefined;
      return knowledge;
    }
    if (knowledge?.kind === 'ABSENT' && !atLeast) {
      return isFresh(knowledge.until, this.parts.clock.now()) ? { kind: 'NO_TENANT' } : undefined;
    }
    return undefined;
  }
}
