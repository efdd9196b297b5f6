// Past 300 lines: one machine, whose states are only right together. What it decides by is apart:
// change sets, history, backoff.
import { isDatabaseOutage } from '@bastion/platform';
import { SyncInvalidAnswerError } from '@bastion/platform/sync-client';
import {
  appliesAt,
  comparePositions,
  forkBetween,
  ForkedHistoryError,
  hasReached,
  laterOf,
  sortArrivals,
  type Changes,
  type ChangeSet,
  type Head,
  type HistoryPoint,
  type Position,
} from '../owner/index.js';
import type { AppliedLog } from './applied-log.js';
import { backoffMs } from './backoff.js';
import type { Gathering } from './gathering.js';
import type { MonotonicClock } from './monotonic-clock.js';
import type { ProjectionLogger } from './projection-logger.js';
import type { Projection, ProjectionRepairer } from './projection.repairer.js';
import type { Slots } from './slots.js';
import type { Bar } from './snapshot.holder.js';

/** Change sets committed together at most. */
const MAX_RANGE = 500;

/** What all lanes share. */
export interface LaneParts {
  readonly projection: Projection;
  readonly repairer: Pick<ProjectionRepairer, 'repair'>;
  /** What the owner is told of how far the projection is. */
  readonly applied: Pick<AppliedLog, 'note'>;
  readonly clock: MonotonicClock;
  /** Between 0 and 1, for the jitter of retries. */
  readonly random: () => number;
  readonly logger: ProjectionLogger;
  /** Whether what has arrived waits for more. */
  readonly gathering: Gathering;
  /** Bounds what is looked up for comparisons. */
  readonly looks: Slots;
  /** Bounds what following lanes ask of the database together. */
  readonly writes: Slots;
  /** Bounds repairs apart from that: an owner that does not answer holds no following lane up. */
  readonly repairs: Slots;
  /** Aborts when no repair may begin or be waited for any more. */
  readonly stopping: AbortSignal;
}

type BehindBecause =
  | { readonly reason: 'gap' }
  | { readonly reason: 'failure'; readonly err: unknown }
  | { readonly reason: 'head'; readonly expected: Head };

interface Waiting {
  readonly change: ChangeSet;
  readonly settle: () => void;
}

/**
 * One tenant's way into the projection, one thing at a time. Either it follows: what arrives is
 * gathered while a transaction runs, and the next one takes all of it that is contiguous. Or it is
 * behind, for whatever reason: then arrivals are only hints, and the owner is asked until nothing
 * is missing. Other tenants have lanes of their own and never wait for this one.
 *
 * It may be behind for good: the owner's history is another one (FENCED) or cannot be applied
 * (QUARANTINED). Then the owner is asked every so often whether that has changed.
 */
export class TenantLane {
  #arrived: Waiting[] = [];
  /** Where the projection was last seen; undefined: not looked yet. */
  #position: HistoryPoint | null | undefined;
  /** Where it should be by now; to be looked up. */
  #expected: Head | undefined;
  #behind = false;
  /** A repair that begins from now on is needed: one under way may have asked the owner already. */
  #isAskedFor = false;
  /** Its rows are not what the owner has: the repair replaces them. */
  #anew = false;
  #bar: Bar | null | undefined;
  /** What a repair must reach, beyond the owner's head as it finds it. */
  #sought: Position | undefined;
  #failures = 0;
  #appendedAt = -Infinity;
  #work: Promise<void> | undefined;
  /** Ends the waiting of a repair that is to begin at once. */
  #hurry = new AbortController();
  readonly #repairWaiters: (() => void)[] = [];

  constructor(
    private readonly tenantId: string,
    private readonly parts: LaneParts,
  ) {}

  /**
   * Resolves when the change needs its message no longer: it is committed, was so before, or the lane
   * is behind and asks the owner. (Holding messages back for a repair would fill the prefetch, and
   * so hold back all other tenants. Should the process end before the repair does, the next
   * comparison of heads finds the tenant behind.)
   */
  take(change: ChangeSet): Promise<void> {
    if (this.#behind && !this.#isWitness(change)) {
      this.#sought = laterOf(this.#sought, change);
      return Promise.resolve();
    }
    return new Promise((settle) => {
      this.#arrived.push({ change, settle });
      this.parts.gathering.count(1);
      if (this.#behind) this.#hurry.abort();
      this.#start();
    });
  }

  /** The projection should be there by now: falls behind if it is not, or is in another history. */
  expect(head: Head): void {
    const ahead = this.#position ? comparePositions(this.#position, head) : -1;
    // Further on it has been compared with what the owner had later.
    if (ahead > 0 || (ahead === 0 && this.#position?.digest === head.digest)) return;
    if (!this.#expected || comparePositions(this.#expected, head) <= 0) this.#expected = head;
    this.#start();
  }

  /** The owner was at `head` when it was asked, which was when the projection was at `then`. */
  compare(then: HistoryPoint | null, head: Head): void {
    if (forkBetween(then, head)) this.fallBehind();
  }

  /** Something is missing that no message tells of: the owner is asked. */
  fallBehind(): void {
    this.#behind = true;
    this.#isAskedFor = true;
    this.#start();
  }

  /**
   * The rows are not what the owner has, or somebody wants to be sure: all of them are taken anew, at
   * once. Resolves when that has been tried.
   */
  async resync(): Promise<void> {
    this.#anew = true;
    this.#failures = 0;
    const repaired = new Promise<void>((resolve) => this.#repairWaiters.push(resolve));
    this.#hurry.abort();
    this.fallBehind();
    if (!this.parts.stopping.aborted) await repaired;
  }

  /** Where the projection was last seen, and what bars it. */
  get seen(): { readonly position: HistoryPoint | null; readonly bar: Bar | null } {
    return { position: this.#position ?? null, bar: this.#bar ?? null };
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#work;
  }

  #start(): void {
    this.#work ??= this.#run();
  }

  async #run(): Promise<void> {
    // Lets `#start` note that it runs before it can end.
    await Promise.resolve();
    for (;;) {
      if (this.#behind && this.#arrived.length > 0) await this.#witness();
      else if (this.#behind && !this.parts.stopping.aborted) await this.#repair();
      else if (this.#expected && !this.#behind) await this.#verify(this.#expected);
      else if (this.#arrived.length > 0) await this.#follow();
      else break;
    }
    // Of a lane that stops.
    for (const resolve of this.#repairWaiters.splice(0)) resolve();
    // In the same turn as the last look for work: nothing can arrive in between and be forgotten.
    this.#work = undefined;
  }

  async #follow(): Promise<void> {
    const { projection, writes } = this.parts;
    await this.parts.gathering.wait(this.#appendedAt, this.parts.stopping);
    if (this.#behind) return;
    try {
      this.#position ??= await writes.run(() => projection.position(this.tenantId));
      const { outdated, range, beyond } = sortArrivals(this.#position, this.#arrived, MAX_RANGE);
      this.#settle(outdated);
      if (range.length > 0) await this.#append(this.#position, range);
      else if (beyond.length > 0) await this.#doubt(this.#position);
    } catch (error) {
      this.#failures += 1;
      this.#noteBehind({ reason: 'failure', err: error });
    }
    if (this.#behind) this.#leaveToRepair();
  }

  /**
   * A fenced lane still takes what continues the history it knows: the broker may hold changes that
   * an owner which was restored has lost, and nobody else has them.
   */
  #isWitness(change: ChangeSet): boolean {
    // They come in bursts: the next may follow one that is not written yet.
    const last = this.#arrived.at(-1)?.change ?? this.#position ?? null;
    return this.#bar?.state === 'FENCED' && appliesAt(last, change);
  }

  async #witness(): Promise<void> {
    const { range } = sortArrivals(this.#position ?? null, this.#arrived, MAX_RANGE);
    try {
      if (this.#bar?.state === 'FENCED' && range.length > 0) {
        await this.#append(this.#position ?? null, range);
        return;
      }
    } catch (error) {
      this.parts.logger.warn({ tenantId: this.tenantId, err: error }, 'a change was not witnessed');
    }
    this.#leaveToRepair();
  }

  /** There is a gap, unless another process has filled it since the rows were last looked at. */
  async #doubt(position: HistoryPoint | null): Promise<void> {
    const { projection, writes } = this.parts;
    const found = await writes.run(() => projection.position(this.tenantId));
    const isGap =
      position === null ? found === null : found !== null && hasReached(position, found);
    this.#position = found;
    if (isGap) this.#noteBehind({ reason: 'gap' });
  }

  async #append(
    position: HistoryPoint | null,
    range: readonly (Waiting & { readonly change: Changes })[],
  ): Promise<void> {
    const { projection, writes, logger } = this.parts;
    const { tenantId } = this;
    const changes = range.map(({ change }) => change);
    const result = await writes.run(() => projection.append(tenantId, position, changes));
    this.#position = result.position;
    if (!result.appended) {
      // Another process writes this projection too; its rows say where to go on.
      logger.info({ tenantId, expected: position, found: result.position }, 'projection moved');
      return;
    }
    // INVARIANT: only after the commit; a message settled before it would be lost with the process.
    this.#settle(range);
    this.#failures = 0;
    this.#appendedAt = this.parts.clock.now();
    this.#noteApplied();
    logger.debug({ tenantId, ...result.position, changeSets: range.length }, 'changes applied');
  }

  async #verify(expected: Head): Promise<void> {
    const { projection, looks } = this.parts;
    this.#expected = undefined;
    try {
      this.#position = await looks.run(() => projection.position(this.tenantId));
      const isRewritten =
        this.#position !== null &&
        comparePositions(this.#position, expected) === 0 &&
        this.#position.digest !== expected.digest;
      if (!this.#knows(expected) || isRewritten) this.#noteBehind({ reason: 'head', expected });
      else this.#noteApplied();
    } catch (error) {
      this.#failures += 1;
      this.#noteBehind({ reason: 'failure', err: error });
    }
  }

  async #repair(): Promise<void> {
    const { repairer, repairs } = this.parts;
    this.#leaveToRepair();
    await this.#waitAfterFailures();
    if (this.parts.stopping.aborted || this.#arrived.length > 0) return;
    const sought = this.#sought;
    const anew = this.#anew;
    // Who asks from now on waits for the next repair: this one may be reading already.
    const waiters = this.#repairWaiters.splice(0);
    this.#anew = false;
    this.#isAskedFor = false;
    try {
      this.#position = await repairs.run(() => repairer.repair(this.tenantId, { anew }));
      await this.#setBar(null);
      this.#failures = 0;
    } catch (error) {
      this.#anew ||= anew;
      await this.#noteRepairFailed(error);
      return;
    } finally {
      for (const resolve of waiters) resolve();
    }
    this.#noteApplied();
    if (this.#isAskedFor) return;
    // What was sought before the owner was asked is not to be had if it has not come by now.
    if (this.#sought && this.#sought !== sought && !this.#knows(this.#sought)) return;
    this.#behind = false;
    this.#sought = undefined;
  }

  async #waitAfterFailures(): Promise<void> {
    const { clock, random, stopping } = this.parts;
    if (this.#failures === 0) return;
    this.#hurry = new AbortController();
    const cut = AbortSignal.any([stopping, this.#hurry.signal]);
    await clock.sleep(backoffMs(this.#failures, random), cut);
  }

  async #noteRepairFailed(error: unknown): Promise<void> {
    const { logger } = this.parts;
    const { tenantId } = this;
    this.#failures += 1;
    logger.warn({ tenantId, failures: this.#failures, err: error }, 'projection repair failed');
    const bar = barOf(error);
    if (!bar) return;
    try {
      await this.#setBar(bar);
    } catch (cause) {
      // It is tried again with the next repair.
      logger.warn({ tenantId, bar, err: cause }, 'the projection could not be barred');
    }
  }

  async #setBar(bar: Bar | null): Promise<void> {
    const { projection, logger } = this.parts;
    if (this.#bar !== undefined && this.#bar?.state === bar?.state) return;
    await projection.bar(this.tenantId, bar);
    if (bar) logger.error({ tenantId: this.tenantId, ...bar }, 'a tenant is barred');
    else if (this.#bar) logger.warn({ tenantId: this.tenantId }, 'a tenant is barred no more');
    this.#bar = bar;
    this.#noteApplied();
  }

  #noteApplied(): void {
    const { applied } = this.parts;
    if (!this.#position) return;
    applied.note({
      tenantId: this.tenantId,
      ...this.#position,
      state: this.#bar?.state ?? 'FOLLOWING',
    });
  }

  #noteBehind(why: BehindBecause): void {
    this.#behind = true;
    const { tenantId } = this;
    this.parts.logger.warn({ tenantId, position: this.#position, ...why }, 'projection is behind');
  }

  /** What has arrived need not wait for the repair: the owner has it too. */
  #leaveToRepair(): void {
    for (const { change } of this.#arrived) this.#sought = laterOf(this.#sought, change);
    this.#settle(this.#arrived);
  }

  #knows(position: Position): boolean {
    return hasReached(this.#position ?? null, position);
  }

  #settle(waiting: readonly Waiting[]): void {
    const settled = new Set(waiting);
    this.#arrived = this.#arrived.filter((arrival) => !settled.has(arrival));
    this.parts.gathering.count(-settled.size);
    for (const { settle } of waiting) settle();
  }
}

/** What a failed repair says about the tenant; undefined: nothing, it may work the next time. */
function barOf(error: unknown): Bar | undefined {
  if (error instanceof ForkedHistoryError) return { state: 'FENCED', reason: error.fork };
  if (!(error instanceof Error)) return undefined;
  const isRefusedByRows = error.name.startsWith('PrismaClient') && !isDatabaseOutage(error);
  return error instanceof SyncInvalidAnswerError || isRefusedByRows
    ? { state: 'QUARANTINED', reason: error.message }
    : undefined;
}
