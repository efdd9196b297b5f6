// Past 300 lines: one machine, whose steps are only right together. What it decides by is apart: lease,
// history, backoff, passed points.
import { inSlices, sha256 } from '@bastion/platform';
import { SyncInvalidAnswerError } from '@bastion/platform/sync-client';
import {
  areComparable,
  buildSnapshotSteps,
  digestSteps,
  type Snapshot,
  type TenantFacts,
} from '@bastion/policy';
import {
  askForSnapshot,
  askToCatchUp,
  comparePositions,
  ForkedHistoryError,
  hasReached,
  laterOf,
  refuseForked,
  type CatchUp,
  type ChangeSet,
  type Head,
  type HistoryPoint,
  type Owner,
  type Position,
} from '../owner/index.js';
import type { AppliedLog } from './applied-log.js';
import { backoffMs } from './backoff.js';
import { type Standing, standingOf } from './lease.js';
import type { MonotonicClock } from './monotonic-clock.js';
import type { Membership } from './held-history.js';
import { PassedPoints, type Passage } from './passed-points.js';
import type { ProjectionLogger } from './projection-logger.js';
import { Slots } from './slots.js';
import type { HeldTenant, SnapshotHolder } from './snapshot.holder.js';
import { TenantUse, type UseLimits } from './tenant-use.js';
import type { WallClockGuard } from './wall-clock.guard.js';

/** Pulls under way at a time; asking for heads never waits behind them. */
const CONCURRENT_PULLS = 8;

/** Tenants read from the projection at a time: that waits for the database alone, never for the owner. */
const CONCURRENT_STARTS = 4;

export interface RefresherParts {
  readonly holder: SnapshotHolder;
  readonly owner: Owner;
  /** What the projection has of a tenant, as a start; undefined: nothing. */
  readonly stored: (tenantId: string) => Promise<StoredTenant | undefined>;
  /** What the owner is told of how far this replica is. */
  readonly applied: AppliedLog;
  readonly wallClock: Pick<WallClockGuard, 'compare'>;
  readonly clock: MonotonicClock;
  /** Between 0 and 1, for the jitter of retries. */
  readonly random: () => number;
  readonly logger: ProjectionLogger;
  readonly leaseMs: number;
  /**
   * For how long what a head says to be missing may be on its way by message before it is pulled, ms;
   * 0: no messages come.
   */
  readonly messageGraceMs: number;
  readonly limits: UseLimits;
}

/** All facts of a tenant at a point of its history. */
export interface StoredTenant {
  readonly point: HistoryPoint;
  /** What the owner said the digest of the facts is; null: it did not say. */
  readonly factsDigest: string | null;
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
  /** Tenants whose facts turned out to be others than the owner's: a snapshot, not the difference. */
  readonly #diverged = new Set<string>();
  readonly #passed = new PassedPoints();
  readonly #pulls = new Slots(CONCURRENT_PULLS);
  readonly #starts = new Slots(CONCURRENT_STARTS);
  readonly #use: TenantUse;
  /** Tenants that are said to be larger than the memory for all. */
  readonly #tooLarge = new Set<string>();

  constructor(private readonly parts: RefresherParts) {
    this.#use = new TenantUse(parts.limits);
    parts.holder.onChange = (tenantId) => this.#noteHeld(tenantId);
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
    const isHeld = knowledge?.kind === 'PRESENT' || knowledge?.kind === 'BARRED';
    if (!isHeld && !this.#running.has(tenantId)) return;
    if (hasReached(holder.held(tenantId) ?? null, change)) return;
    switch (holder.apply(change)) {
      case 'APPLIED':
        break;
      case 'NOT_NEXT':
        void this.refresh(tenantId, change);
        break;
      case 'DIVERGED':
        void this.reload(tenantId, 'its facts differ after a change');
        break;
    }
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
   * Asks the owner whether a point, older than what is known here, is one of its history. Resolves when
   * that has been tried; never rejects. OTHER: it is not, so nobody should hold it for reached.
   */
  async lookUp(tenantId: string, point: HistoryPoint): Promise<Membership> {
    const { holder, owner, logger } = this.parts;
    try {
      await refuseForked(owner, tenantId, point);
      holder.notePoint(tenantId, point);
      return 'PART';
    } catch (error) {
      if (error instanceof ForkedHistoryError) return 'OTHER';
      logger.warn({ tenantId, err: error }, 'a point of a history could not be looked up');
      return 'UNKNOWN';
    }
  }

  /**
   * Takes the whole tenant from the owner anew: what is held is not what the owner has. Until then
   * nothing of it is answered. Resolves when that has been tried; never rejects.
   */
  reload(tenantId: string, why: string): Promise<void> {
    this.#noteDiverged(tenantId, why);
    return this.retake(tenantId);
  }

  /** Likewise, but what is held is answered from until the new snapshot takes its place. */
  retake(tenantId: string): Promise<void> {
    this.#diverged.add(tenantId);
    this.#failing.delete(tenantId);
    return this.refresh(tenantId);
  }

  /**
   * One round trip for all held tenants. Those that have what the owner had when it was asked, or get
   * it by message soon after, are fresh for the length of the lease; the others are pulled and earn it
   * by that round trip. Rejects while the owner cannot be asked.
   */
  async renewLeases(): Promise<void> {
    const { holder, owner, clock, applied, wallClock, messageGraceMs } = this.parts;
    this.#makeRoom();
    const askedAt = clock.now();
    const tenantIds = holder.tenantIds();
    const heldThen = new Map(tenantIds.map((tenantId) => [tenantId, holder.held(tenantId)]));
    const passage = this.#passed.begin();
    try {
      const { heads, now } = await applied.tell((said) => owner.heads(tenantIds, said));
      wallClock.compare(now, askedAt, clock.now());
      const byTenant = new Map(heads.map((head) => [head.tenantId, head]));
      const standing = (tenantId: string) => {
        const then = { held: heldThen.get(tenantId) ?? null, askedAt, passage };
        return this.#judge(tenantId, then, byTenant.get(tenantId));
      };
      const behind = tenantIds.filter((tenantId) => standing(tenantId) === 'BEHIND');
      if (behind.length === 0) return;
      // Under load there is always something on its way: pulling it would be most of the work.
      if (messageGraceMs > 0) await clock.sleep(messageGraceMs, new AbortController().signal);
      for (const tenantId of behind) {
        if (standing(tenantId) === 'BEHIND') void this.refresh(tenantId);
      }
    } finally {
      passage.end();
    }
  }

  #judge(
    tenantId: string,
    then: { readonly held: HeldTenant | null; readonly askedAt: number; readonly passage: Passage },
    head: Head | undefined,
  ): Standing | undefined {
    const { holder, logger } = this.parts;
    const knowledge = holder.know(tenantId);
    if (knowledge?.kind === 'BARRED') {
      void this.refresh(tenantId);
      return undefined;
    }
    if (knowledge?.kind !== 'PRESENT') return undefined;
    const { held } = knowledge;
    if (!head) {
      logger.warn({ tenantId }, 'the owner no longer knows a held tenant');
      holder.markAbsent(tenantId, then.askedAt);
      return undefined;
    }
    const standing = standingOf(then.held, held, head, then.passage.has(tenantId, head));
    switch (standing) {
      case 'CAUGHT_UP':
        if (holder.differsFrom(head))
          void this.reload(tenantId, 'its facts differ from the owner’s');
        else holder.confirm(tenantId, then.askedAt);
        break;
      case 'BEHIND':
        break;
      case 'WENT_BACK':
      case 'REWRITTEN':
      case 'UNWITNESSED':
        this.#fence(tenantId, new ForkedHistoryError(standing, pointOf(held), head));
        break;
    }
    return standing;
  }

  async #run(tenantId: string, refresh: Refresh): Promise<void> {
    try {
      if (!this.parts.holder.held(tenantId)) await this.#starts.run(() => this.#start(tenantId));
      let sought: Position | undefined;
      let caughtUp: boolean;
      do {
        sought = refresh.sought;
        caughtUp = await this.#pulls.run(() => this.#pull(tenantId));
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
      if (!start) return;
      const { snapshot, factsDigest } = await build(start.facts);
      holder.put(tenantId, start.point, snapshot, factsDigest);
      this.#makeRoom();
      if (areComparable(start.factsDigest, factsDigest) && start.factsDigest !== factsDigest) {
        logger.error({ tenantId, ...start.point }, 'the projection has diverged, it is not used');
        // But for where it is: that still tells whether the owner was restored.
        this.#diverged.add(tenantId);
      }
    } catch (error) {
      logger.warn({ tenantId, err: error }, 'projection not readable, loading from the owner');
    }
  }

  /** One pull; answers whether it has caught up with the owner's head, and earned the lease. */
  async #pull(tenantId: string): Promise<boolean> {
    const { holder, owner, clock } = this.parts;
    const askedAt = clock.now();
    const from = holder.held(tenantId) ?? null;
    const passage = this.#passed.begin();
    try {
      const isWanted = this.#diverged.has(tenantId);
      const answer = await (isWanted ? askForSnapshot : askToCatchUp)(owner, tenantId, from);
      if (answer.kind === 'NO_TENANT') {
        this.#diverged.delete(tenantId);
        holder.markAbsent(tenantId, askedAt);
        return true;
      }
      const built = answer.kind === 'SNAPSHOT' ? await build(answer.facts) : undefined;
      // INVARIANT: built before: nothing may come between the last look at what is held and the put.
      if (built) await this.#refuseForkSince(tenantId, from);
      if (!this.#take(tenantId, answer, built)) return false;

      const held = holder.held(tenantId);
      if (!held) throw new Error('the tenant was dropped while it was pulled');
      const { head } = answer;
      const standing = standingOf(from, held, head, passage.has(tenantId, head));
      if (standing === 'BEHIND') {
        if (from && comparePositions(held, from) === 0) {
          throw new Error('the owner has later revisions and does not give them');
        }
        return false;
      }
      if (standing !== 'CAUGHT_UP') throw new ForkedHistoryError(standing, pointOf(held), head);
      holder.confirm(tenantId, askedAt);
      return true;
    } finally {
      passage.end();
    }
  }

  /**
   * INVARIANT: a snapshot is put only in the place of what the owner was asked with. What came by
   * message meanwhile may be of a history that it has lost, and be the last that knows of it.
   */
  async #refuseForkSince(tenantId: string, from: HeldTenant | null): Promise<void> {
    const { holder, owner } = this.parts;
    let asked = from;
    for (let held = holder.held(tenantId); held; held = holder.held(tenantId)) {
      if (asked && comparePositions(asked, held) === 0) return;
      asked = held;
      await refuseForked(owner, tenantId, held);
    }
  }

  /** Takes in what was pulled; answers false when it has to be asked for anew. */
  #take(
    tenantId: string,
    answer: Exclude<CatchUp, { kind: 'NO_TENANT' }>,
    built: Built | undefined,
  ): boolean {
    const { holder } = this.parts;
    if (built) this.#put(tenantId, answer.head, built);
    // Found to differ meanwhile: what was asked for before is of no use.
    if (this.#diverged.has(tenantId)) return false;
    if (answer.kind === 'CHANGES') {
      holder.admit(tenantId);
      for (const change of answer.changes) {
        if (holder.apply(change) !== 'DIVERGED') continue;
        this.#noteDiverged(tenantId, 'its facts differ after a change');
        return false;
      }
    }
    if (!holder.differsFrom(answer.head)) return true;
    this.#noteDiverged(tenantId, 'its facts differ from the owner’s');
    return false;
  }

  #put(tenantId: string, head: Head, { snapshot, factsDigest: counted }: Built): void {
    const { holder, logger } = this.parts;
    const isOwners = !areComparable(head.factsDigest, counted) || head.factsDigest === counted;
    if (!isOwners) {
      // Its rows are the truth. What it says its facts are is carried on, or every change would differ.
      logger.error({ tenantId, head, counted }, 'the owner’s facts are not what it says they are');
    }
    holder.put(tenantId, head, snapshot, isOwners ? counted : head.factsDigest!);
    if (!holder.barOf(tenantId)) this.#diverged.delete(tenantId);
    this.#makeRoom();
  }

  /** What is held is not answered from any more; the next pull takes everything anew. */
  #noteDiverged(tenantId: string, why: string): void {
    const { holder, logger } = this.parts;
    logger.error({ tenantId, why, held: pointOf(holder.held(tenantId)) }, 'a tenant has diverged');
    holder.bar(tenantId, { state: 'QUARANTINED', reason: why });
    this.#diverged.add(tenantId);
  }

  #has(tenantId: string, position: Position | undefined): boolean {
    if (position === undefined) return true;
    return hasReached(this.parts.holder.held(tenantId) ?? null, position);
  }

  #noteFailure(tenantId: string, error: unknown): void {
    const { holder, clock, random, logger } = this.parts;
    const failures = (this.#failing.get(tenantId)?.failures ?? 0) + 1;
    this.#failing.set(tenantId, { failures, retryAt: clock.now() + backoffMs(failures, random) });
    if (error instanceof ForkedHistoryError) {
      this.#fence(tenantId, error);
      return;
    }
    logger.warn({ tenantId, failures, err: error }, 'snapshot could not be refreshed');
    if (error instanceof SyncInvalidAnswerError) {
      holder.bar(tenantId, { state: 'QUARANTINED', reason: error.message });
    }
  }

  /** INVARIANT: what is held stays as it is: it may be the last that knows what was taken away. */
  #fence(tenantId: string, error: ForkedHistoryError): void {
    const { holder, logger } = this.parts;
    if (holder.barOf(tenantId)?.state !== 'FENCED') {
      const { fork, point, head } = error;
      logger.error({ tenantId, fork, point, head }, 'a tenant is fenced: the owner was restored?');
    }
    holder.bar(tenantId, { state: 'FENCED', reason: error.fork });
  }

  #noteHeld(tenantId: string): void {
    const { holder, applied } = this.parts;
    const point = pointOf(holder.held(tenantId));
    if (!point) return;
    this.#passed.note(tenantId, point);
    applied.note({ tenantId, ...point, state: holder.barOf(tenantId)?.state ?? 'FOLLOWING' });
  }

  #makeRoom(): void {
    const { holder, clock, leaseMs } = this.parts;
    const now = clock.now();
    holder.forgetAbsences(now - leaseMs);
    const bytesOf = (tenantId: string) => holder.held(tenantId)?.bytes ?? 0;
    const { retired, tooLarge } = this.#use.retire(now, bytesOf);
    for (const tenantId of retired) {
      if (this.#running.has(tenantId)) {
        this.#use.note(tenantId, now);
      } else {
        holder.forget(tenantId);
        this.#failing.delete(tenantId);
        this.#diverged.delete(tenantId);
      }
    }
    if (tooLarge !== undefined) this.#noteTooLarge(tooLarge);
  }

  #noteTooLarge(tenantId: string): void {
    const { holder, logger, limits } = this.parts;
    if (this.#tooLarge.has(tenantId)) return;
    this.#tooLarge.add(tenantId);
    const bytes = holder.held(tenantId)?.bytes;
    logger.warn({ tenantId, bytes, maxBytes: limits.maxBytes }, 'a tenant exceeds the memory');
  }
}

/** What is made of a tenant's facts when it is loaded. */
interface Built {
  readonly snapshot: Snapshot;
  readonly factsDigest: string;
}

/** In slices: a large tenant takes seconds, and the others are answered meanwhile. */
async function build(facts: TenantFacts): Promise<Built> {
  const snapshot = await inSlices(buildSnapshotSteps(facts));
  return { snapshot, factsDigest: await inSlices(digestSteps(facts, sha256)) };
}

function pointOf(held: HeldTenant | null | undefined): HistoryPoint | null {
  return held ? { epoch: held.epoch, revision: held.revision, digest: held.digest } : null;
}
