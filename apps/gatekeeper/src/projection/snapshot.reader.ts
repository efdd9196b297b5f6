import type { WaitingRoom } from '../admission/index.js';
import { hasReached, type HistoryPoint, type Position } from '../owner/index.js';
import { isFresh, isServable } from './lease.js';
import type { MonotonicClock } from './monotonic-clock.js';
import type { RecentChange } from './recent-changes.js';
import type { HeldTenant, Knowledge, SnapshotHolder } from './snapshot.holder.js';
import type { SnapshotRefresher } from './snapshot.refresher.js';
import type { WallClockGuard } from './wall-clock.guard.js';

/**
 * PRESENT: to be answered from, as `SnapshotReader.standingOf` says afterwards.
 * NO_TENANT: the owner said so, within the lease, or the tenant is a deleted one. STALE: nothing here may be answered from.
 * QUARANTINED: what the owner has is not to be applied, or is another history.
 * HISTORY_ENDED: the position asked for is of a history that is over.
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

/** A position to be reached, in the history that its digest names; without one in any. */
export interface AtLeast extends Position {
  readonly digest?: string | undefined;
}

/** What can be said of a tenant at a moment. */
export interface Look {
  readonly reading: Reading;
  /** Resolves once something else may be seen: after `ms`, after any change, or when aborted. */
  readonly changed: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The longest that a watcher waits without looking: timers take no more than 24 days. */
const LONGEST_WAIT_MS = 60 * 60_000;

export interface ReaderParts {
  readonly holder: SnapshotHolder;
  readonly refresher: Pick<SnapshotRefresher, 'noteUse' | 'refresh' | 'lookUp'>;
  readonly clock: MonotonicClock;
  readonly wallClock: Pick<WallClockGuard, 'trusted'>;
  readonly waiting: WaitingRoom;
  readonly leaseMs: number;
  /** How long a question may wait for a tenant to be loaded, or to get to a position. */
  readonly waitMs: number;
}

/** What a question is answered from: one immutable snapshot, recent enough. */
export class SnapshotReader {
  constructor(private readonly parts: ReaderParts) {}

  /**
   * The tenant, at `atLeast` or later: at once where it is held so. Waits only while that can help, and
   * never beyond its bound.
   *
   * @throws OverloadedError, by the promise, when it would have to wait, and too many do
   */
  read(tenantId: string, atLeast?: AtLeast): Reading | Promise<Reading> {
    const { refresher } = this.parts;
    refresher.noteUse(tenantId);
    const reading = this.#look(tenantId, atLeast);
    if (reading) return reading;

    const servable = this.#servable(tenantId, atLeast);
    if (servable) {
      void refresher.refresh(tenantId, atLeast);
      return servable;
    }
    return this.#waitFor(tenantId, atLeast);
  }

  async #waitFor(tenantId: string, atLeast: AtLeast | undefined): Promise<Reading> {
    const { refresher, clock, waiting } = this.parts;
    // Before anything is loaded: who is refused causes no work.
    const leave = waiting.enter(tenantId);
    const refreshed = refresher.refresh(tenantId, atLeast);
    const timeout = new AbortController();
    try {
      const arrived = this.parts.holder.until(
        tenantId,
        () => this.#look(tenantId, atLeast) !== undefined,
        timeout.signal,
      );
      const expired = clock.sleep(this.parts.waitMs, timeout.signal);
      const ended = this.#endOfHistory(tenantId, atLeast, refreshed);
      // A revision may still come by message after a pull that failed; a lease or a tenant will not.
      const over = [arrived, expired, ended, ...(atLeast ? [] : [refreshed])];
      if ((await Promise.race(over)) === 'HISTORY_ENDED') return { kind: 'HISTORY_ENDED' };
    } finally {
      timeout.abort();
      leave();
    }
    return this.#look(tenantId, atLeast) ?? { kind: 'STALE' };
  }

  /**
   * What can be said at once, for those who look again and again: they keep the tenant here, and what is
   * missing is asked for, to be seen later.
   */
  look(tenantId: string): Look {
    const { holder, refresher } = this.parts;
    refresher.noteUse(tenantId);
    const seen = holder.know(tenantId);
    const reading = this.#look(tenantId, undefined);
    if (!reading) void refresher.refresh(tenantId, undefined);
    return {
      reading: reading ?? this.#servable(tenantId, undefined) ?? { kind: 'STALE' },
      changed: (ms, signal) => this.#changed(tenantId, seen, ms, signal),
    };
  }

  async #changed(
    tenantId: string,
    seen: Knowledge | undefined,
    ms: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { holder, clock } = this.parts;
    const over = new AbortController();
    const end = (): void => over.abort();
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    const isOther = (): boolean => holder.know(tenantId) !== seen;
    try {
      await Promise.race([
        holder.until(tenantId, isOther, over.signal),
        clock.sleep(Math.min(ms, LONGEST_WAIT_MS), over.signal),
      ]);
    } finally {
      end();
      signal.removeEventListener('abort', end);
    }
  }

  /** For how long at most what is held stands as it does, ms. */
  standsFor({ confirmedAt, snapshot }: HeldTenant): number {
    const { clock, leaseMs } = this.parts;
    const ends = [leaseMs, snapshot.tenant.maxStaleMs].map((ms) => confirmedAt + ms - clock.now());
    return Math.min(...ends.filter((ms) => ms > 0));
  }

  /** What was applied one by one after a point of the tenant, in order; undefined: that is not kept. */
  changesAfter(tenantId: string, point: HistoryPoint): readonly RecentChange[] | undefined {
    return this.parts.holder.changesAfter(tenantId, point);
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
  #look(tenantId: string, atLeast: AtLeast | undefined): Reading | undefined {
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
        const isEnough = this.#hasReached(tenantId, held, atLeast);
        if (!isEnough || this.standingOf(held) !== 'FRESH') return undefined;
        return held.snapshot.tenant.deleted ? { kind: 'NO_TENANT' } : knowledge;
      }
    }
  }

  /** A tenant that chose availability is not made to wait for an owner that may be gone. */
  #servable(tenantId: string, atLeast: AtLeast | undefined): Reading | undefined {
    const knowledge = this.parts.holder.know(tenantId);
    if (knowledge?.kind !== 'PRESENT') return undefined;
    const { held } = knowledge;
    const isEnough =
      this.#hasReached(tenantId, held, atLeast) && held.epoch === (atLeast ?? held).epoch;
    return isEnough && this.standingOf(held) === 'SERVABLE' ? knowledge : undefined;
  }

  /**
   * INVARIANT: by the name of its history, not by its number alone. A restored owner counts on from an
   * earlier point, and a revocation that it acknowledged may have a number that was passed here long
   * ago, in the history it lost.
   */
  #hasReached(tenantId: string, held: HeldTenant, atLeast: AtLeast | undefined): boolean {
    if (!atLeast) return true;
    if (!hasReached(held, atLeast)) return false;
    return !isNamed(atLeast) || this.parts.holder.historyHas(tenantId, atLeast) === 'PART';
  }

  /** Resolves when it turns out that the position is of a history that the owner does not have. */
  async #endOfHistory(
    tenantId: string,
    atLeast: AtLeast | undefined,
    refreshed: Promise<void>,
  ): Promise<'HISTORY_ENDED'> {
    await refreshed;
    const { holder, refresher } = this.parts;
    const held = holder.held(tenantId);
    const isPassed = atLeast && held && hasReached(held, atLeast) && isNamed(atLeast);
    const isPart = isPassed && holder.historyHas(tenantId, atLeast) === 'PART';
    if (isPassed && !isPart && (await refresher.lookUp(tenantId, atLeast)) === 'OTHER') {
      return 'HISTORY_ENDED';
    }
    return new Promise(() => undefined);
  }

  #isWithinLease(confirmedAt: number): boolean {
    const { clock, leaseMs } = this.parts;
    return isFresh(confirmedAt, clock.now(), { leaseMs });
  }
}

function isNamed(atLeast: AtLeast): atLeast is HistoryPoint {
  return atLeast.digest !== undefined;
}
