import { buildSnapshot, type TenantFacts } from '@bastion/policy';
import {
  askToCatchUp,
  comparePositions,
  hasReached,
  laterOf,
  type ChangeSet,
  type Head,
  type Owner,
  type Position,
} from '../owner/index.js';
import { backoffMs } from './backoff.js';
import { freshUntil, standingOf } from './lease.js';
import type { MonotonicClock } from './monotonic-clock.js';
import type { ProjectionLogger } from './projection-logger.js';
import { Slots } from './slots.js';
import type { SnapshotHolder } from './snapshot.holder.js';
import { TenantUse, type UseLimits } from './tenant-use.js';

/** Pulls under way at a time; asking for heads never waits behind them. */
const CONCURRENT_PULLS = 8;

export interface RefresherParts {
  readonly holder: SnapshotHolder;
  readonly owner: Owner;
  /** What the projection has of a tenant, as a start; undefined: nothing. */
  readonly stored: (tenantId: string) => Promise<StoredTenant | undefined>;
  readonly clock: MonotonicClock;
  /** Between 0 and 1, for the jitter of retries. */
  readonly random: () => number;
  readonly logger: ProjectionLogger;
  readonly leaseMs: number;
  readonly limits: UseLimits;
}

/** All facts of a tenant at a position. */
export interface StoredTenant {
  readonly position: Position;
  readonly facts: TenantFacts;
}

/** Under way: at least one pull that begins after `sought` was last raised. */
interface Refresh {
  sought: Position | undefined;
  done: Promise<void>;
}

/**
 * Keeps the held tenants in step with the owner, and earns their leases. It is told of changes by
 * messages, which come soon but may be lost, and asks the owner by itself, which is what counts.
 *
 * A tenant is loaded at the first question about it. Of one tenant there is one load or pull at a
 * time; whoever needs more meanwhile raises what is sought.
 */
export class SnapshotRefresher {
  readonly #running = new Map<string, Refresh>();
  readonly #failing = new Map<string, { failures: number; retryAt: number }>();
  readonly #slots = new Slots(CONCURRENT_PULLS);
  readonly #use: TenantUse;

  constructor(private readonly parts: RefresherParts) {
    this.#use = new TenantUse(parts.limits);
  }

  /** Somebody asked about the tenant: it stays in memory for a while longer. */
  noteUse(tenantId: string): void {
    this.#use.note(tenantId, this.parts.clock.now());
  }

  /** A message said what changed. Applied at once if it is the next revision; else it is a hint. */
  receive(change: ChangeSet): void {
    const { holder } = this.parts;
    const { tenantId } = change;
    const knowledge = holder.know(tenantId);
    if (knowledge?.kind === 'ABSENT') holder.forget(tenantId);
    if (knowledge?.kind !== 'PRESENT' && !this.#running.has(tenantId)) return;
    if (hasReached(holder.held(tenantId) ?? null, change)) return;
    if (!holder.apply(change)) void this.refresh(tenantId, change);
  }

  /**
   * Loads the tenant, or pulls what is missing: at least up to the owner's head, and with `sought`
   * by a pull that begins no earlier than now. Resolves when that has been tried; never rejects.
   * After a failure it does nothing for a while: a check that finds no lease denies.
   */
  refresh(tenantId: string, sought?: Position): Promise<void> {
    const running = this.#running.get(tenantId);
    if (running) {
      running.sought = laterOf(running.sought, sought);
      return running.done;
    }
    const failing = this.#failing.get(tenantId);
    if (failing && this.parts.clock.now() < failing.retryAt) return Promise.resolve();
    const refresh: Refresh = { sought, done: Promise.resolve() };
    this.#running.set(tenantId, refresh);
    refresh.done = this.#run(tenantId, refresh);
    return refresh.done;
  }

  /**
   * One round trip for all held tenants. Those that have what the owner had when it was asked are
   * fresh for the length of the lease; the others are pulled and earn it by that round trip.
   * Rejects while the owner cannot be asked.
   */
  async renewLeases(): Promise<void> {
    const { holder, owner, clock } = this.parts;
    this.#makeRoom();
    const askedAt = clock.now();
    const tenantIds = holder.tenantIds();
    if (tenantIds.length === 0) return;
    const heads = new Map((await owner.heads(tenantIds)).map((head) => [head.tenantId, head]));
    for (const tenantId of tenantIds) this.#judge(tenantId, heads.get(tenantId), askedAt);
  }

  #judge(tenantId: string, head: Head | undefined, askedAt: number): void {
    const { holder, leaseMs, logger } = this.parts;
    const held = holder.held(tenantId);
    if (!held) return;
    const until = freshUntil(askedAt, leaseMs);
    if (!head) {
      logger.warn({ tenantId }, 'the owner no longer knows a held tenant');
      holder.markAbsent(tenantId, until);
      return;
    }
    switch (standingOf(held, head)) {
      case 'CAUGHT_UP':
        holder.lease(tenantId, until);
        break;
      case 'BEHIND':
        void this.refresh(tenantId);
        break;
      case 'AHEAD':
        logger.error(
          { tenantId, heldEpoch: held.epoch, head },
          'the owner went back to an earlier epoch',
        );
        break;
    }
  }

  async #run(tenantId: string, refresh: Refresh): Promise<void> {
    try {
      if (!this.parts.holder.held(tenantId)) await this.#start(tenantId);
      let sought: Position | undefined;
      let caughtUp: boolean;
      do {
        sought = refresh.sought;
        caughtUp = await this.#slots.run(() => this.#pull(tenantId));
      } while (!caughtUp || (sought !== refresh.sought && !this.#has(tenantId, refresh.sought)));
      this.#failing.delete(tenantId);
      if (!this.#has(tenantId, sought)) {
        this.parts.logger.warn({ tenantId, sought }, 'the owner does not have the revision sought');
      }
    } catch (error) {
      this.#noteFailure(tenantId, error);
    } finally {
      this.#running.delete(tenantId);
    }
  }

  /** From the projection if it has the tenant: pulling the difference is cheaper than all facts. */
  async #start(tenantId: string): Promise<void> {
    const { holder, stored, logger } = this.parts;
    this.#makeRoom();
    try {
      const start = await stored(tenantId);
      if (start) holder.put(tenantId, start.position, buildSnapshot(start.facts));
    } catch (error) {
      logger.warn({ tenantId, err: error }, 'projection not readable, loading from the owner');
    }
  }

  /** One pull; answers whether it has caught up with the owner's head, and earned the lease. */
  async #pull(tenantId: string): Promise<boolean> {
    const { holder, owner, clock, leaseMs } = this.parts;
    const askedAt = clock.now();
    const from = holder.held(tenantId) ?? null;
    const answer = await askToCatchUp(owner, tenantId, from);
    if (answer.kind === 'NO_TENANT') {
      holder.markAbsent(tenantId, freshUntil(askedAt, leaseMs));
      return true;
    }
    if (answer.kind === 'CHANGES') answer.changes.forEach((change) => holder.apply(change));
    else holder.put(tenantId, answer.head, buildSnapshot(answer.facts));

    const held = holder.held(tenantId);
    if (!held) throw new Error('the tenant was dropped while it was pulled');
    const standing = standingOf(held, answer.head);
    if (standing === 'AHEAD') throw new Error('the owner went back to an earlier epoch');
    if (standing === 'CAUGHT_UP') holder.lease(tenantId, freshUntil(askedAt, leaseMs));
    else if (from && comparePositions(held, from) === 0) {
      throw new Error('the owner has later revisions and does not give them');
    }
    return standing === 'CAUGHT_UP';
  }

  #has(tenantId: string, position: Position | undefined): boolean {
    if (position === undefined) return true;
    return hasReached(this.parts.holder.held(tenantId) ?? null, position);
  }

  #noteFailure(tenantId: string, error: unknown): void {
    const { clock, random, logger } = this.parts;
    const failures = (this.#failing.get(tenantId)?.failures ?? 0) + 1;
    this.#failing.set(tenantId, { failures, retryAt: clock.now() + backoffMs(failures, random) });
    logger.warn({ tenantId, failures, err: error }, 'snapshot could not be refreshed');
  }

  #makeRoom(): void {
    const { holder, clock } = this.parts;
    const now = clock.now();
    holder.forgetAbsences(now);
    for (const tenantId of this.#use.retire(now)) {
      if (this.#running.has(tenantId)) {
        this.#use.note(tenantId, now);
      } else {
        holder.forget(tenantId);
        this.#failing.delete(tenantId);
      }
    }
  }
}
