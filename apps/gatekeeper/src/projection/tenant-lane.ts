import {
  hasReached,
  laterOf,
  sortArrivals,
  type Changes,
  type ChangeSet,
  type Position,
} from '../owner/index.js';
import { backoffMs } from './backoff.js';
import type { MonotonicClock } from './monotonic-clock.js';
import type { ProjectionLogger } from './projection-logger.js';
import type { Projection, ProjectionRepairer } from './projection.repairer.js';
import type { Slots } from './slots.js';

/** Change sets committed together at most. */
const MAX_RANGE = 500;

/** What all lanes share. */
export interface LaneParts {
  readonly projection: Projection;
  readonly repairer: Pick<ProjectionRepairer, 'repair'>;
  readonly clock: MonotonicClock;
  /** Between 0 and 1, for the jitter of retries. */
  readonly random: () => number;
  readonly logger: ProjectionLogger;
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
  | { readonly reason: 'head'; readonly expected: Position };

interface Waiting {
  readonly change: ChangeSet;
  readonly settle: () => void;
}

/**
 * One tenant's way into the projection, one thing at a time. Either it follows: what arrives is
 * gathered while a transaction runs, and the next one takes all of it that is contiguous. Or it is
 * behind, for whatever reason: then arrivals are only hints, and the owner is asked until nothing
 * is missing. Other tenants have lanes of their own and never wait for this one.
 */
export class TenantLane {
  #arrived: Waiting[] = [];
  /** Where the projection was last seen; undefined: not looked yet. */
  #position: Position | null | undefined;
  /** Where it should be by now; to be looked up. */
  #expected: Position | undefined;
  #behind = false;
  /** What a repair must reach, beyond the owner's head as it finds it. */
  #sought: Position | undefined;
  #failures = 0;
  #work: Promise<void> | undefined;

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
    if (this.#behind) {
      this.#sought = laterOf(this.#sought, change);
      return Promise.resolve();
    }
    return new Promise((settle) => {
      this.#arrived.push({ change, settle });
      this.#start();
    });
  }

  /** The projection should be there by now: falls behind if it is not. */
  expect(position: Position): void {
    if (this.#knows(position)) return;
    this.#expected = laterOf(this.#expected, position);
    this.#start();
  }

  /** Something is missing that no message tells of: the owner is asked. */
  fallBehind(): void {
    this.#behind = true;
    this.#start();
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
      if (this.#behind && !this.parts.stopping.aborted) await this.#repair();
      else if (this.#expected && !this.#behind) await this.#verify(this.#expected);
      else if (this.#arrived.length > 0) await this.#follow();
      else break;
    }
    // In the same turn as the last look for work: nothing can arrive in between and be forgotten.
    this.#work = undefined;
  }

  async #follow(): Promise<void> {
    const { projection, writes } = this.parts;
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

  /** There is a gap, unless another process has filled it since the rows were last looked at. */
  async #doubt(position: Position | null): Promise<void> {
    const { projection, writes } = this.parts;
    const found = await writes.run(() => projection.position(this.tenantId));
    const isGap =
      position === null ? found === null : found !== null && hasReached(position, found);
    this.#position = found;
    if (isGap) this.#noteBehind({ reason: 'gap' });
  }

  async #append(
    position: Position | null,
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
    logger.debug({ tenantId, ...result.position, changeSets: range.length }, 'changes applied');
  }

  async #verify(expected: Position): Promise<void> {
    const { projection, writes } = this.parts;
    this.#expected = undefined;
    try {
      this.#position = await writes.run(() => projection.position(this.tenantId));
      if (!this.#knows(expected)) this.#noteBehind({ reason: 'head', expected });
    } catch (error) {
      this.#failures += 1;
      this.#noteBehind({ reason: 'failure', err: error });
    }
  }

  async #repair(): Promise<void> {
    const { repairer, clock, random, repairs, stopping, logger } = this.parts;
    this.#leaveToRepair();
    if (this.#failures > 0) await clock.sleep(backoffMs(this.#failures, random), stopping);
    if (stopping.aborted) return;
    const sought = this.#sought;
    try {
      this.#position = await repairs.run(() => repairer.repair(this.tenantId));
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      const { tenantId } = this;
      logger.warn({ tenantId, failures: this.#failures, err: error }, 'projection repair failed');
      return;
    }
    // What was sought before the owner was asked is not to be had if it has not come by now.
    if (this.#sought && this.#sought !== sought && !this.#knows(this.#sought)) return;
    this.#behind = false;
    this.#sought = undefined;
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
    for (const { settle } of waiting) settle();
  }
}
