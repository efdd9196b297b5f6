import type { ChangeSet, Head, HistoryPoint, Owner } from '../owner/index.js';
import type { AppliedLog } from './applied-log.js';
import { Gathering } from './gathering.js';
import type { Bar } from './snapshot.holder.js';
import { Slots } from './slots.js';
import { TenantLane, type LaneParts } from './tenant-lane.js';

/** Transactions at a time: of lanes that follow, and of lanes under repair. */
const CONCURRENT_WRITES = 4;
const CONCURRENT_REPAIRS = 4;
/** Many lanes are looked up after each comparison: one by one, nobody else has to wait for them. */
const CONCURRENT_LOOKS = 1;

/** Well within what the broker gives before the first of them is settled. */
const ENOUGH_ARRIVED = 1_000;

/** Longer than any transaction of a following lane may take. */
const STOP_GRACE_MS = 6_000;

export type ProjectorParts = Omit<
  LaneParts,
  'gathering' | 'looks' | 'writes' | 'repairs' | 'stopping'
> & {
  readonly owner: Pick<Owner, 'heads'>;
  readonly applied: Pick<AppliedLog, 'note' | 'tell'>;
  /** Between two transactions of a tenant, ms: under load many change sets go with one. */
  readonly gatherMs: number;
};

/** Where a tenant's projection was last seen, and what bars it. */
export interface LaneState {
  readonly position: HistoryPoint | null;
  readonly bar: Bar | null;
}

/**
 * The projector: writes what the owner changed into the projection. Every replica has one; which of
 * them gets the messages is decided by the broker, and if it is two, the rows decide.
 */
export class ApplyAccessChangeCommand {
  readonly #lanes = new Map<string, TenantLane>();
  readonly #stopping = new AbortController();
  readonly #laneParts: LaneParts;
  #headsBefore: readonly Head[] = [];

  constructor(private readonly parts: ProjectorParts) {
    this.#laneParts = {
      ...parts,
      gathering: new Gathering({ clock: parts.clock, ms: parts.gatherMs, enough: ENOUGH_ARRIVED }),
      looks: new Slots(CONCURRENT_LOOKS),
      writes: new Slots(CONCURRENT_WRITES),
      repairs: new Slots(CONCURRENT_REPAIRS),
      stopping: this.#stopping.signal,
    };
  }

  /** Resolves when the message that brought the change may be acknowledged. Never rejects. */
  run(change: ChangeSet): Promise<void> {
    return this.#lane(change.tenantId).take(change);
  }

  /** Something is wrong with what arrived for the tenant: the owner is asked instead. */
  repair(tenantId: string): void {
    this.#lane(tenantId).fallBehind();
  }

  /**
   * The backstop for everything that messages can lose: a head that the owner had one comparison ago
   * must have arrived by now. Rejects while the owner cannot be asked.
   */
  async compareHeads(): Promise<void> {
    const { owner, applied } = this.parts;
    const due = this.#headsBefore;
    const then = new Map([...this.#lanes].map(([id, lane]) => [id, lane.seen.position]));
    const { heads } = await applied.tell((said) => owner.heads(undefined, said));
    this.#headsBefore = heads;
    for (const head of due) this.#lane(head.tenantId).expect(head);
    for (const head of heads)
      this.#lanes.get(head.tenantId)?.compare(then.get(head.tenantId) ?? null, head);
  }

  /** Replaces all rows of a tenant by what the owner has; resolves when that has been tried. */
  async resync(tenantId: string): Promise<LaneState> {
    const lane = this.#lane(tenantId);
    await lane.resync();
    return lane.seen;
  }

  /** The tenants that this process has looked at, and where each was last seen. */
  seen(): ReadonlyMap<string, LaneState> {
    return new Map([...this.#lanes].map(([tenantId, lane]) => [tenantId, lane.seen]));
  }

  /**
   * Begins no repair any more and waits for what is under way, though not for as long as an owner may
   * take to answer: a repair that is cut off is none, and is made up for later.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const grace = new AbortController();
    const idle = Promise.all([...this.#lanes.values()].map((lane) => lane.idle()));
    await Promise.race([idle, this.parts.clock.sleep(STOP_GRACE_MS, grace.signal)]);
    grace.abort();
  }

  #lane(tenantId: string): TenantLane {
    const lane = this.#lanes.get(tenantId) ?? new TenantLane(tenantId, this.#laneParts);
    this.#lanes.set(tenantId, lane);
    return lane;
  }
}
