import { type OutboxPosition, samePosition } from './outbox-position.js';

/**
 * What became of a published message. CONFIRMED is the only good news: RETURNED and NACKED were
 * refused, LOST may or may not be at the broker.
 */
export type PublishFate = 'CONFIRMED' | 'RETURNED' | 'NACKED' | 'LOST';

/**
 * One tenant's messages between being read and being marked as sent.
 *
 * Many are in flight at once. The first that is not confirmed fails the lane: it and all after it
 * are given up, and read again once nothing is in flight and a delay has passed.
 */
export class TenantLane {
  /** In order, from the oldest that is not confirmed. */
  private readonly pending: { readonly position: OutboxPosition; confirmed: boolean }[] = [];
  private confirmedThrough: OutboxPosition | null = null;
  private inFlight = 0;
  private unmarked = 0;
  private failures = 0;
  private failed = false;
  private retryAt = Infinity;
  private rewinding = false;

  /** What is at or before it need not be read again. Null: read from the oldest. */
  readThrough: OutboxPosition | null = null;

  /** Nothing of the tenant is under way and nothing is being waited for. */
  get empty(): boolean {
    return !this.failed && this.inFlight === 0 && this.unmarked === 0;
  }

  /** When a failed lane may be read again; Infinity: not failed, or not settled yet. */
  get due(): number {
    return this.failed ? this.retryAt : Infinity;
  }

  /** Whether the tenant must not be read now. */
  get held(): boolean {
    return this.failed || this.rewinding;
  }

  /** What it was to finish before it is read from the oldest again, it has finished. */
  get rewound(): boolean {
    return this.rewinding && this.empty;
  }

  published(position: OutboxPosition): void {
    this.pending.push({ position, confirmed: false });
    this.inFlight += 1;
    this.readThrough = position;
  }

  /** Takes the fate of a message and gives the positions that may now be marked as sent. */
  settled(
    position: OutboxPosition,
    fate: PublishFate,
    now: number,
    retryDelayMs: (failures: number) => number,
  ): OutboxPosition[] {
    this.inFlight -= 1;
    const index = this.pending.findIndex((message) => samePosition(message.position, position));
    const message = this.pending[index];
    if (message && fate === 'CONFIRMED') message.confirmed = true;
    // INVARIANT: nothing after an unconfirmed message is marked, so what was ever sent is a prefix.
    else if (message) this.fail(index);

    const confirmed = this.takeConfirmed();
    if (this.failed && this.inFlight === 0) {
      this.retryAt = now + retryDelayMs(this.failures);
      this.failures += 1;
    }
    return confirmed;
  }

  marked(): void {
    this.unmarked -= 1;
  }

  /** Something older than what was read is unsent again: read no more before this lane is done. */
  rewind(): void {
    this.rewinding = true;
  }

  /** Ends the waiting of a failed lane whose messages have all settled. */
  reopen(): void {
    if (this.retryAt === Infinity) return;
    this.failed = false;
    this.retryAt = Infinity;
    this.readThrough = this.confirmedThrough;
  }

  private fail(index: number): void {
    this.pending.length = index;
    this.failed = true;
  }

  private takeConfirmed(): OutboxPosition[] {
    const unconfirmed = this.pending.findIndex((message) => !message.confirmed);
    const count = unconfirmed < 0 ? this.pending.length : unconfirmed;
    const confirmed = this.pending.splice(0, count).map((message) => message.position);
    if (confirmed.length > 0) this.failures = 0;
    this.confirmedThrough = confirmed.at(-1) ?? this.confirmedThrough;
    this.unmarked += confirmed.length;
    return confirmed;
  }
}
