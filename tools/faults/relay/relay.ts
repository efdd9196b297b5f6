import { backoffMs } from '@bastion/platform/amqp';
import {
  type PublishFate,
  type RelayCommand,
  type RelayLimits,
  RelayTerm,
  type UnsentMessage,
  type UnsentMessages,
  type UnsentRequest,
} from '@bastion/node-scope-management/machines';
import { BrokerClient } from '../broker/broker-client.js';
import type { Broker, BrokerFate } from '../broker/broker.js';
import type { OwnerDatabase } from '../owner/owner-database.js';
import type { Life } from '../simulation/process.js';
import type { Random } from '../simulation/random.js';
import type { Wire } from '../simulation/wire.js';
import { RelaySession } from './relay-session.js';

const LIMITS: RelayLimits = {
  readLimit: 20,
  perTenant: 6,
  maxUnderWay: 60,
  pollMs: 500,
  readPauseMs: 10,
  markPauseMs: 100,
};
const STANDBY_MS = 1_000;
/** How long after a returned message the queues are declared again. */
const REDECLARE_AFTER_MS = 1_000;

export interface RelayParts {
  readonly database: OwnerDatabase;
  readonly broker: Broker;
  readonly wire: () => Wire;
  readonly random: Random;
  /** Planted bugs: another reading, another understanding of what the broker says. */
  readonly unsent: (request: UnsentRequest) => UnsentMessages;
  readonly understood: (fate: BrokerFate) => PublishFate;
}

/**
 * One process that publishes the outbox, or stands by: the real decisions of `RelayTerm`, carried
 * out over simulated connections just as `OutboxRelay` and `RelayLead` do over real ones.
 */
export class Relay {
  readonly #never = new AbortController().signal;
  #term: RelayTerm | undefined;
  #session: RelaySession | undefined;
  #ready = false;
  #cancelTimer: () => void = () => undefined;
  readonly #client: BrokerClient;

  constructor(
    private readonly parts: RelayParts,
    private readonly life: Life,
  ) {
    this.#client = new BrokerClient({
      life,
      broker: parts.broker,
      random: parts.random,
      setUp: () => Promise.resolve(),
      onReady: (ready) => {
        this.#ready = ready;
        this.#perform(this.#term?.brokerChanged(ready, this.#now) ?? []);
      },
    });
  }

  start(): void {
    this.#client.open();
    void this.#run();
  }

  get #now(): number {
    return this.life.clock.now();
  }

  async #run(): Promise<void> {
    const { random } = this.parts;
    for (let failures = 0; ; failures += 1) {
      const begun = this.#now;
      await this.#serve().catch(() => undefined);
      if (this.#now - begun > 10_000) failures = 0;
      await this.life.clock.sleep(backoffMs(failures, random.next()), this.#never);
    }
  }

  /** One session from its beginning to its end. */
  async #serve(): Promise<void> {
    const { database, wire, random } = this.parts;
    const session = await RelaySession.open(this.life, database, wire());
    const over = new Promise<void>((resolve) => (session.onEnd = resolve));
    while (!session.ended && !(await session.tryToLead())) {
      await this.life.clock.sleep(STANDBY_MS * (0.75 + random.next() / 2), this.#never);
    }
    if (!session.ended) this.#lead(session);
    await over;
    this.#cancelTimer();
    this.#term = undefined;
  }

  #lead(session: RelaySession): void {
    const { random } = this.parts;
    const term = new RelayTerm(LIMITS, (failures) => backoffMs(failures, random.next()));
    this.#term = term;
    this.#session = session;
    session.onNotify = () => this.#perform(term.woken(this.#now));
    this.#perform(term.brokerChanged(this.#ready, this.#now));
  }

  #perform(commands: readonly RelayCommand[]): void {
    const term = this.#term;
    const session = this.#session;
    if (!term || !session) return;
    for (const command of commands) {
      // INVARIANT: as in `RelayLead`: without the session nothing is published or marked.
      if (session.ended) return;
      this.#carryOut(command, term, session);
    }
    this.#cancelTimer();
    const due = term.dueAt - this.#now;
    if (due < Infinity && !session.ended) {
      this.#cancelTimer = this.life.timer(due, 'is due', () =>
        this.#perform(term.timePassed(this.#now)),
      );
    }
  }

  #carryOut(command: RelayCommand, term: RelayTerm, session: RelaySession): void {
    const { database, unsent } = this.parts;
    switch (command.type) {
      case 'READ':
        this.#afterwards(
          term,
          session.query('read outbox', () => unsent(command.request)),
          (found) => term.read(found, this.#now),
        );
        break;
      case 'PUBLISH':
        this.#afterwards(term, this.#publish(command.message), (fate) =>
          term.published(command.message, fate, this.#now),
        );
        break;
      case 'MARK_SENT':
        this.#afterwards(
          term,
          session.query('mark sent', () => database.markSent(command.positions)),
          () => term.markedSent(this.#now),
        );
        break;
      case 'HELD':
        break;
    }
  }

  #afterwards<T>(term: RelayTerm, work: Promise<T>, then: (result: T) => RelayCommand[]): void {
    work.then(
      (result) => {
        if (this.#term === term) this.#perform(then(result));
      },
      () => this.#session?.end(),
    );
  }

  async #publish({ tenantId, epoch, revision, body }: UnsentMessage): Promise<PublishFate> {
    const { broker, understood } = this.parts;
    const connection = this.#client.connection;
    if (!connection) return 'LOST';
    const message = { id: `${tenantId}/${epoch}/${revision}`, body };
    try {
      const fate = await this.life.request(`publish ${message.id}`, connection.wire, () =>
        broker.publish(connection, message),
      );
      if (fate === 'RETURNED') this.#restoreRoute();
      return understood(fate);
    } catch {
      return 'LOST';
    }
  }

  /** No queue wanted a message: they are declared again, a moment later. */
  #restoreRoute(): void {
    this.life.timer(REDECLARE_AFTER_MS, 'declares again', () => {
      const connection = this.#client.connection;
      if (!connection) return;
      void this.life
        .request('declare', connection.wire, () => this.parts.broker.declare(connection))
        .catch(() => undefined);
    });
  }
}
