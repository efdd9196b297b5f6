import type { OutboxPosition } from './outbox-position.js';
import { type PublishFate, TenantLane } from './tenant-lane.js';

export interface UnsentMessage extends OutboxPosition {
  /** The wire message as it was committed. */
  readonly body: unknown;
}

/** Which messages to read: of each tenant the oldest unsent, in order, a bounded number. */
export interface UnsentRequest {
  /** Begin with the first tenant after this id, so that no tenant is always last. */
  readonly afterTenant: string;
  /** Tenants to leave out. */
  readonly held: readonly string[];
  /** Leave out what is at or before these, one per tenant at most. */
  readonly readThrough: readonly OutboxPosition[];
  readonly limit: number;
  readonly perTenant: number;
}

export interface UnsentMessages {
  readonly messages: readonly UnsentMessage[];
  /** Where the reading stopped for its limit; null: it came to the last tenant. */
  readonly stoppedAt: string | null;
}

/**
 * What the relay is to do next. READ, PUBLISH and MARK_SENT are answered by calling `read`,
 * `published` and `markedSent`; HELD is for the log: the tenant waits because of this message.
 */
export type RelayCommand =
  | { readonly type: 'READ'; readonly request: UnsentRequest }
  | { readonly type: 'PUBLISH'; readonly message: UnsentMessage }
  | { readonly type: 'MARK_SENT'; readonly positions: readonly OutboxPosition[] }
  | { readonly type: 'HELD'; readonly position: OutboxPosition; readonly fate: PublishFate };

export interface RelayLimits {
  /** Messages of one read. */
  readonly readLimit: number;
  /** Of these, one tenant's. */
  readonly perTenant: number;
  /** Published and not yet marked, all tenants together; at least `readLimit`. */
  readonly maxUnderWay: number;
  /** How often to look without having been woken, ms. */
  readonly pollMs: number;
  /** Between two reads at least, ms: under load many commits go with one. */
  readonly readPauseMs: number;
  /** Between two markings at least, ms, unless as many wait for it as one read brings. */
  readonly markPauseMs: number;
}

/**
 * The relay's decisions from winning the lead to losing it: when to read, what to publish, what may
 * be marked as sent. It does nothing itself: every method takes news with the time (milliseconds of
 * any clock that never goes back) and returns what to do. Whoever loses the lead throws it away
 * with all it knows.
 *
 * - A message is marked only once it was confirmed, and all before it of its tenant.
 * - One tenant's failure holds that tenant alone.
 * - Reads take turns among tenants: each gives one tenant a share and goes on after the last.
 * - A replay makes older messages unsent again: its tenant is read from the oldest once more, as soon
 *   as what is under way of it has ended.
 */
export class RelayTerm {
  private readonly lanes = new Map<string, TenantLane>();
  private confirmed: OutboxPosition[] = [];
  private marking: readonly OutboxPosition[] = [];
  private inFlight = 0;
  private reading: UnsentRequest | null = null;
  private afterTenant = '';
  private passAgain = false;
  private unread = true;
  private brokerUp = false;
  private draining = false;
  private pollAt = 0;
  private readAt = 0;
  private markAt = 0;

  constructor(
    private readonly limits: RelayLimits,
    private readonly retryDelayMs: (failures: number) => number,
  ) {}

  /** Something was committed. */
  woken(now: number): RelayCommand[] {
    this.unread = true;
    // A pass under way may be beyond the tenant that committed.
    if (this.reading || this.afterTenant !== '') this.passAgain = true;
    return this.next(now);
  }

  /** Older messages of a tenant are unsent again. */
  replayed(tenantId: string, now: number): RelayCommand[] {
    // Without a lane too: a read under way may have looked before they were.
    this.laneOf(tenantId).rewind();
    return this.woken(now);
  }

  /** Whether the broker takes messages; without it nothing is read. */
  brokerChanged(up: boolean, now: number): RelayCommand[] {
    this.brokerUp = up;
    if (up) {
      this.unread = true;
      this.afterTenant = '';
      for (const lane of this.lanes.values()) lane.reopen();
    }
    return this.next(now);
  }

  /** {@link dueAt} has come. */
  timePassed(now: number): RelayCommand[] {
    return this.next(now);
  }

  /** READ is done. */
  read(found: UnsentMessages, now: number): RelayCommand[] {
    const { reading } = this;
    this.reading = null;
    this.pollAt = now + this.limits.pollMs;
    if (!reading || this.draining) return this.next(now);
    if (!this.brokerUp) {
      this.unread = true;
      return [];
    }
    const messages = found.messages.filter(this.stillWanted(reading));
    for (const message of messages) this.laneOf(message.tenantId).published(message);
    this.inFlight += messages.length;
    this.passAgain ||= found.messages.length > 0;
    this.turn(found.stoppedAt);
    for (const [tenantId, lane] of this.lanes) if (lane.empty) this.lanes.delete(tenantId);
    const publish = messages.map((message) => ({ type: 'PUBLISH', message }) as const);
    return [...publish, ...this.next(now)];
  }

  /** PUBLISH has ended, well or not. */
  published(position: OutboxPosition, fate: PublishFate, now: number): RelayCommand[] {
    this.inFlight -= 1;
    const lane = this.laneOf(position.tenantId);
    const heldBefore = lane.held;
    this.confirmed.push(...lane.settled(position, fate, now, this.retryDelayMs));
    const commands = this.next(now);
    return lane.held && !heldBefore ? [{ type: 'HELD', position, fate }, ...commands] : commands;
  }

  /** MARK_SENT is done. */
  markedSent(now: number): RelayCommand[] {
    for (const { tenantId } of this.marking) this.laneOf(tenantId).marked();
    this.marking = [];
    const rewound = [...this.lanes.values()].some((lane) => lane.rewound);
    return rewound ? this.woken(now) : this.next(now);
  }

  /** Begins nothing new. What is under way is brought to its end: see {@link settled}. */
  drain(now: number): RelayCommand[] {
    this.draining = true;
    return this.next(now);
  }

  /** Nothing is in flight and everything confirmed is marked. */
  get settled(): boolean {
    return this.inFlight === 0 && this.unmarkedCount === 0;
  }

  /** When to call {@link timePassed}; Infinity: only after other news. */
  get dueAt(): number {
    return Math.min(this.readDue, this.markDue);
  }

  private get readDue(): number {
    if (!this.mayRead) return Infinity;
    let due = this.unread ? 0 : this.pollAt;
    for (const lane of this.lanes.values()) due = Math.min(due, lane.due);
    return Math.max(due, this.readAt);
  }

  private get markDue(): number {
    if (this.marking.length > 0 || this.confirmed.length === 0) return Infinity;
    const isEnough = this.confirmed.length >= this.limits.readLimit;
    return this.draining || isEnough ? 0 : this.markAt;
  }

  private next(now: number): RelayCommand[] {
    const commands: RelayCommand[] = [];
    if (now >= this.markDue) {
      this.markAt = now + this.limits.markPauseMs;
      this.marking = this.confirmed;
      this.confirmed = [];
      commands.push({ type: 'MARK_SENT', positions: this.marking });
    }
    if (now >= this.readDue) {
      this.readAt = now + this.limits.readPauseMs;
      this.unread = false;
      this.reading = this.request(now);
      commands.push({ type: 'READ', request: this.reading });
    }
    return commands;
  }

  private get mayRead(): boolean {
    const { maxUnderWay, readLimit } = this.limits;
    const room = maxUnderWay - this.inFlight - this.unmarkedCount;
    return this.brokerUp && !this.draining && !this.reading && room >= readLimit;
  }

  private get unmarkedCount(): number {
    return this.confirmed.length + this.marking.length;
  }

  private request(now: number): UnsentRequest {
    const held: string[] = [];
    const readThrough: OutboxPosition[] = [];
    for (const [tenantId, lane] of this.lanes) {
      if (now >= lane.due) lane.reopen();
      if (lane.rewound) this.lanes.delete(tenantId);
      else if (lane.held) held.push(tenantId);
      else if (lane.readThrough) readThrough.push(lane.readThrough);
    }
    const { readLimit, perTenant } = this.limits;
    return { afterTenant: this.afterTenant, held, readThrough, limit: readLimit, perTenant };
  }

  /**
   * A lane that failed while the read was under way gave up what the read took for granted: its
   * messages would leave a gap.
   */
  private stillWanted(reading: UnsentRequest): (message: UnsentMessage) => boolean {
    const from = new Map(reading.readThrough.map((position) => [position.tenantId, position]));
    const unwanted = new Set<string>();
    for (const [tenantId, lane] of this.lanes) {
      const moved = lane.readThrough !== (from.get(tenantId) ?? null);
      if (lane.held || moved) unwanted.add(tenantId);
    }
    return (message) => !unwanted.has(message.tenantId);
  }

  /** Goes on after the last tenant read; a pass that found anything is followed by another. */
  private turn(stoppedAt: string | null): void {
    this.afterTenant = stoppedAt ?? '';
    if (stoppedAt !== null || this.passAgain) this.unread = true;
    if (stoppedAt === null) this.passAgain = false;
  }

  private laneOf(tenantId: string): TenantLane {
    let lane = this.lanes.get(tenantId);
    if (!lane) this.lanes.set(tenantId, (lane = new TenantLane()));
    return lane;
  }
}
