import {
  type RelayCommand,
  type RelayLimits,
  RelayTerm,
  type UnsentMessage,
  type UnsentMessages,
  type UnsentRequest,
} from '../../src/outbox/relay-term.js';
import type { OutboxPosition } from '../../src/outbox/outbox-position.js';
import type { PublishFate } from '../../src/outbox/tenant-lane.js';

/** One relay that leads: its decisions, and what it has begun and not ended. */
interface Leader {
  readonly term: RelayTerm;
  readonly inFlight: UnsentMessage[];
  /** What it has published and not yet seen fail or marked. */
  readonly underWay: Set<string>;
  /** What it has asked to mark. */
  readonly done: Set<string>;
  /** With what the database held when it was asked; it may answer from then or from later. */
  reading: { readonly request: UnsentRequest; readonly early: UnsentMessages } | null;
  marking: { readonly positions: readonly OutboxPosition[]; applied: boolean } | null;
}

interface OutboxRow {
  readonly revision: number;
  sent: boolean;
  /** A replayed one is not sent any more. */
  wasSent: boolean;
}

/**
 * A database, a broker and relays that take turns at leading, all in memory, where everything
 * happens in the order the test says. It checks at every step what must always hold.
 */
export class RelayWorld {
  now = 0;
  private readonly outbox = new Map<string, OutboxRow[]>();
  private readonly confirmed = new Set<string>();
  /** Statements that a leader sent before it lost the lead; the server may still run them. */
  private readonly orphanedMarks: (readonly OutboxPosition[])[] = [];
  /**
   * Replayed, and not published since. What is under way at that moment is not owed, nor is what an
   * orphaned statement marks: both were published just before.
   */
  private readonly owed = new Set<string>();
  /** What the leader will hear of. */
  private unheard: string[] = [];
  private leader: Leader | null = null;
  private brokerUp = true;

  constructor(
    readonly limits: RelayLimits,
    private readonly retryDelayMs = (failures: number) => 100 * (failures + 1),
  ) {}

  /** Messages that are not sent. */
  get unsent(): number {
    return [...this.outbox.values()].flat().filter((message) => !message.sent).length;
  }

  unsentOf(tenantId: string): number[] {
    const messages = this.outbox.get(tenantId) ?? [];
    return messages.filter((message) => !message.sent).map((message) => message.revision);
  }

  get inFlight(): readonly UnsentMessage[] {
    return this.leader?.inFlight ?? [];
  }

  get isReading(): boolean {
    return Boolean(this.leader?.reading);
  }

  commit(tenantId: string, count = 1): void {
    const messages = this.outbox.get(tenantId) ?? [];
    this.outbox.set(tenantId, messages);
    for (let i = 0; i < count; i++) {
      messages.push({ revision: messages.length + 1, sent: false, wasSent: false });
    }
  }

  /** Makes what was sent of these revisions unsent again. */
  replay(tenantId: string, from: number, to: number): void {
    for (const message of this.outbox.get(tenantId)?.slice(from - 1, to) ?? []) {
      if (!message.sent) continue;
      const key = keyOf({ tenantId, epoch: 1, revision: message.revision });
      message.sent = false;
      if (!this.leader?.underWay.has(key)) this.owed.add(key);
      this.leader?.done.delete(key);
    }
    if (this.leader) this.unheard.push(tenantId);
  }

  hearReplay(): void {
    const tenantId = this.unheard.shift();
    if (tenantId && this.leader) this.perform(this.leader.term.replayed(tenantId, this.now));
  }

  takeLead(): void {
    if (this.leader) return;
    const term = new RelayTerm(this.limits, this.retryDelayMs);
    this.leader = {
      term,
      inFlight: [],
      underWay: new Set(),
      done: new Set(),
      reading: null,
      marking: null,
    };
    this.perform(term.brokerChanged(this.brokerUp, this.now));
  }

  /** The leader dies; a statement it has sent may still be run by the server, or may not. */
  loseLead(): void {
    const { marking } = this.leader ?? {};
    if (marking && !marking.applied) this.orphanedMarks.push(marking.positions);
    this.leader = null;
    this.unheard = [];
  }

  wake(): void {
    this.perform(this.leader?.term.woken(this.now) ?? []);
  }

  elapse(ms: number): void {
    this.now += ms;
    if (this.leader && this.now >= this.leader.term.dueAt) {
      this.perform(this.leader.term.timePassed(this.now));
    }
  }

  setBroker(up: boolean): void {
    this.brokerUp = up;
    while (!up && this.inFlight.length > 0) this.settle(0, 'LOST');
    this.perform(this.leader?.term.brokerChanged(up, this.now) ?? []);
  }

  /** Ends one of the publishes in flight. */
  settle(pick: number, fate: PublishFate): void {
    const { leader } = this;
    if (!leader || leader.inFlight.length === 0) return;
    const [message] = leader.inFlight.splice(pick % leader.inFlight.length, 1);
    if (!message) return;
    if (fate === 'CONFIRMED') this.confirmed.add(keyOf(message));
    else leader.underWay.delete(keyOf(message));
    this.perform(leader.term.published(message, fate, this.now));
  }

  answerRead(early: boolean): void {
    const reading = this.leader?.reading;
    if (!this.leader || !reading) return;
    this.leader.reading = null;
    const found = early ? reading.early : this.find(reading.request);
    this.perform(this.leader.term.read(found, this.now));
  }

  /** The statement takes effect; its sender does not know yet. */
  applyMark(): void {
    const marking = this.leader?.marking;
    if (!marking || marking.applied) return;
    marking.applied = true;
    this.markSent(marking.positions);
  }

  applyOrphanedMark(): void {
    const positions = this.orphanedMarks.shift() ?? [];
    for (const position of positions) this.owed.delete(keyOf(position));
    this.markSent(positions);
  }

  answerMark(): void {
    this.applyMark();
    if (!this.leader?.marking) return;
    for (const position of this.leader.marking.positions) {
      this.leader.underWay.delete(keyOf(position));
    }
    this.leader.marking = null;
    this.perform(this.leader.term.markedSent(this.now));
  }

  /** Everything works from now on: what remains must be sent in a bounded number of rounds. */
  recover(): void {
    this.setBroker(true);
    this.takeLead();
    while (this.unheard.length > 0) this.hearReplay();
    for (let round = 0; this.unsent > 0; round++) {
      if (round > 10_000) throw new Error(`${this.unsent} messages are never sent`);
      while (this.inFlight.length > 0) this.settle(0, 'CONFIRMED');
      this.answerMark();
      this.answerRead(false);
      this.elapse(100);
    }
    if (this.owed.size > 0) throw new Error(`${[...this.owed].join()} are never sent again`);
  }

  private perform(commands: readonly RelayCommand[]): void {
    const { leader } = this;
    if (!leader) return;
    for (const command of commands) {
      switch (command.type) {
        case 'READ':
          if (leader.reading) throw new Error('two reads at once');
          leader.reading = { request: command.request, early: this.find(command.request) };
          break;
        case 'PUBLISH':
          this.mayPublish(leader, command.message);
          leader.inFlight.push(command.message);
          leader.underWay.add(keyOf(command.message));
          this.owed.delete(keyOf(command.message));
          break;
        case 'MARK_SENT':
          if (leader.marking) throw new Error('two marks at once');
          for (const position of command.positions) leader.done.add(keyOf(position));
          leader.marking = { positions: command.positions, applied: false };
          break;
        case 'HELD':
          break;
      }
    }
  }

  private mayPublish(leader: Leader, message: UnsentMessage): void {
    const ofTenant = leader.inFlight.filter((other) => other.tenantId === message.tenantId);
    if (ofTenant.some((other) => other.revision >= message.revision)) {
      throw new Error(`${keyOf(message)} is published out of order or twice at once`);
    }
    if (leader.done.has(keyOf(message))) {
      throw new Error(`${keyOf(message)} is published again after all was well`);
    }
    if (leader.inFlight.length >= this.limits.maxUnderWay) throw new Error('too much under way');
    if (!this.brokerUp) throw new Error('published without a broker');
  }

  /** As the database answers; see `readUnsent`. */
  private find(request: UnsentRequest): UnsentMessages {
    const found: UnsentMessage[] = [];
    const tenants = [...this.outbox.keys()].sort();
    for (const tenantId of tenants.filter((id) => id > request.afterTenant)) {
      if (request.held.includes(tenantId)) continue;
      const through = request.readThrough.find((position) => position.tenantId === tenantId);
      const unsent = this.unsentOf(tenantId).filter((n) => n > (through?.revision ?? 0));
      for (const revision of unsent.slice(0, request.perTenant)) {
        found.push({ tenantId, epoch: 1, revision, body: null });
      }
      if (found.length >= request.limit) {
        return { messages: found.slice(0, request.limit), stoppedAt: tenantId };
      }
    }
    return { messages: found, stoppedAt: null };
  }

  private markSent(positions: readonly OutboxPosition[]): void {
    for (const position of positions) {
      if (!this.confirmed.has(keyOf(position))) {
        throw new Error(`${keyOf(position)} is marked as sent and was never confirmed`);
      }
      const message = this.outbox.get(position.tenantId)?.[position.revision - 1];
      if (message) message.sent = message.wasSent = true;
    }
    for (const [tenantId, messages] of this.outbox) {
      const firstUnsent = messages.findIndex((message) => !message.wasSent);
      if (firstUnsent >= 0 && messages.slice(firstUnsent).some((message) => message.wasSent)) {
        throw new Error(`what is sent of ${tenantId} has a gap`);
      }
    }
  }
}

function keyOf({ tenantId, epoch, revision }: OutboxPosition): string {
  return `${tenantId}/${epoch}/${revision}`;
}
