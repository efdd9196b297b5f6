import { type AmqpLogger, backoffMs } from '@bastion/platform/amqp';
import type { RelaySession } from '../database/relay-database.js';
import type { OutboxPublisher } from './outbox-publisher.js';
import { type RelayCommand, type RelayLimits, RelayTerm } from './relay-term.js';
import { markSent, readUnsent } from './unsent.store.js';

/** Carries out what a {@link RelayTerm} decides, from taking the lead to the end of the session. */
export class RelayLead {
  private readonly term: RelayTerm;
  private timer: NodeJS.Timeout | undefined;
  private whenSettled: (() => void) | undefined;

  constructor(
    private readonly session: RelaySession,
    private readonly publisher: OutboxPublisher,
    private readonly logger: AmqpLogger,
    limits: RelayLimits,
  ) {
    this.term = new RelayTerm(limits, backoffMs);
  }

  /** Publishes whenever there is a broker, until the session ends. */
  begin(): void {
    const broker = this.publisher.ready.subscribe((up) => {
      this.perform(this.term.brokerChanged(up, performance.now()));
    });
    this.session.ended.addEventListener('abort', () => {
      broker.unsubscribe();
      clearTimeout(this.timer);
      this.whenSettled?.();
    });
  }

  wake(): void {
    this.perform(this.term.woken(performance.now()));
  }

  /** Older messages of a tenant are to be sent again. */
  replay(tenantId: string): void {
    this.perform(this.term.replayed(tenantId, performance.now()));
  }

  /** Begins nothing new and resolves once everything under way has ended, or the session has. */
  async drain(): Promise<void> {
    this.perform(this.term.drain(performance.now()));
    if (this.term.settled || this.session.ended.aborted) return;
    await new Promise<void>((resolve) => {
      this.whenSettled = resolve;
    });
  }

  private perform(commands: readonly RelayCommand[]): void {
    for (const command of commands) {
      // INVARIANT: the lead ends with the session; without it nothing is published or marked.
      if (this.session.ended.aborted) return;
      this.carryOut(command);
    }
    clearTimeout(this.timer);
    const due = this.term.dueAt - performance.now();
    if (due < Infinity && !this.session.ended.aborted) {
      const pass = () => this.perform(this.term.timePassed(performance.now()));
      this.timer = setTimeout(pass, Math.max(0, due));
    }
    if (this.term.settled) this.whenSettled?.();
  }

  private carryOut(command: RelayCommand): void {
    const { session, term } = this;
    switch (command.type) {
      case 'READ':
        this.afterwards(readUnsent(session, command.request), (found, now) =>
          term.read(found, now),
        );
        break;
      case 'PUBLISH':
        this.afterwards(this.publisher.publish(command.message), (fate, now) =>
          term.published(command.message, fate, now),
        );
        break;
      case 'MARK_SENT':
        this.afterwards(markSent(session, command.positions), (_, now) => term.markedSent(now));
        break;
      case 'HELD': {
        const { position, fate } = command;
        if (fate !== 'LOST') this.logger.warn({ ...position, fate }, 'A message was refused');
        break;
      }
    }
  }

  private afterwards<T>(work: Promise<T>, then: (result: T, now: number) => RelayCommand[]): void {
    work
      .then((result) => this.perform(then(result, performance.now())))
      .catch((error: unknown) => this.session.end(error));
  }
}
