import { hasReached, type Position } from '../owner/index.js';
import { isFresh, isServable } from './lease.js';
import type { MonotonicClock } from './monotonic-clock.js';
import type { HeldTenant, SnapshotHolder } from './snapshot.holder.js';
import type { SnapshotRefresher } from './snapshot.refresher.js';
import type { WallClockGuard } from './wall-clock.guard.js';

/**
 * PRESENT: to be answered from, as `SnapshotReader.standingOf` says afterwards.
 * NO_TENANT: the owner said so, within the lease. STALE: nothing here may be answered from.
 * QUARANTINED: what the owner has is not to be applied, or is another history.
 * HISTORY_ENDED: the position asked for is of an epoch that is over.
 */
export type Reading =
  | { readonly kind: 'PRESENT'; readonly held: HeldTenant }
  | { readonly kind: 'NO_TENANT' | 'STALE' | 'QUARANTINED' }
  | { readonly kind: 'HISTORY_ENDED' };

/**
 * FRESH: within the lease. SERVABLE: beyond it, but the tenant chose to be served stale for a while;
 * each answer says so. STALE: not to be answered from.
 */
export type SnapshotStanding = 'FRESH' | 'SERVABLE' | 'STALE';

export interface ReaderParts {
  readonly holder: SnapshotHolder;
  readonly refresher: Pick<SnapshotRefresher, 'noteUse' | 'refresh'>;
  readonly clock: MonotonicClock;
  readonly wallClock: Pick<WallClockGuard, 'trusted'>;
  readonly leaseMs: number;
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
    const servable = this.#servable(tenantId, atLeast);
    if (servable) return servable;
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

  /** What is held of the tenant, whatever its standing; undefined: nothing. Not to decide from. */
  peek(tenantId: string): HeldTenant | undefined {
    return this.parts.holder.held(tenantId);
  }

  /**
   * How far what was read may be answered from. To be asked after the answer has been worked out: the
   * process may have been stopped for any time in the middle of it.
   */
  standingOf({ confirmedAt, snapshot }: HeldTenant): SnapshotStanding {
    const { clock, wallClock, leaseMs } = this.parts;
    if (!wallClock.trusted) return 'STALE';
    const now = clock.now();
    if (isFresh(confirmedAt, now, { leaseMs })) return 'FRESH';
    return isServable(confirmedAt, now, snapshot.tenant) ? 'SERVABLE' : 'STALE';
  }

  /** What can be said at once; undefined: waiting may help. */
  #look(tenantId: string, atLeast: Position | undefined): Reading | undefined {
    const knowledge = this.parts.holder.know(tenantId);
    switch (knowledge?.kind) {
      case undefined:
        return undefined;
      case 'BARRED':
        return { kind: 'QUARANTINED' };
      case 'ABSENT':
        return !atLeast && this.#isWithinLease(knowledge.confirmedAt)
          ? { kind: 'NO_TENANT' }
          : undefined;
      case 'PRESENT': {
        const { held } = knowledge;
        // INVARIANT: a position of an epoch that is over is never taken for reached, though the present
        // epoch is later: what was promised at it may not be part of the present history.
        if (atLeast && atLeast.epoch < held.epoch) return { kind: 'HISTORY_ENDED' };
        const isEnough = !atLeast || hasReached(held, atLeast);
        return isEnough && this.standingOf(held) === 'FRESH' ? knowledge : undefined;
      }
    }
  }

  /** A tenant that chose availability is not made to wait for an owner that may be gone. */
  #servable(tenantId: string, atLeast: Position | undefined): Reading | undefined {
    const knowledge = this.parts.holder.know(tenantId);
    if (knowledge?.kind !== 'PRESENT') return undefined;
    const { held } = knowledge;
    const isEnough = !atLeast || (atLeast.epoch === held.epoch && hasReached(held, atLeast));
    return isEnough && this.standingOf(held) === 'SERVABLE' ? knowledge : undefined;
  }

  #isWithinLease(confirmedAt: number): boolean {
    const { clock, leaseMs } = this.parts;
    return isFresh(confirmedAt, clock.now(), { leaseMs });
  }
}
