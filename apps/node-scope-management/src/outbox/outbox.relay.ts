import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { type AmqpLogger, backoffMs } from '@bastion/platform/amqp';
import type { RelayDatabase, RelaySession } from '../database/relay-database.js';
import type { OutboxPublisher } from './outbox-publisher.js';
import type { OutboxSignal } from './outbox-signal.js';
import { RelayLead } from './relay-lead.js';
import type { RelayLimits } from './relay-term.js';
import { tryToLead } from './unsent.store.js';

const LIMITS: RelayLimits = {
  readLimit: 500,
  perTenant: 100,
  maxUnderWay: 2_000,
  pollMs: 500,
  readPauseMs: 20,
  markPauseMs: 100,
};

/** How often a relay that stands by tries to take the lead, ms, more or less. */
const STANDBY_MS = 1_000;

/** A session that lasted this long was no failure, ms. */
const LASTING_MS = 10_000;

/** How long the messages under way are waited for at the end, ms. */
const DRAIN_MS = 5_000;

/** What a relay is doing: one on a database is LEADING, any others are on STANDBY. */
export type RelayState = 'DISCONNECTED' | 'STANDBY' | 'LEADING';

/**
 * Publishes the outbox. Of all relays on a database one leads, the others stand by and take over
 * when its session ends.
 */
export class OutboxRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private currentState: RelayState = 'DISCONNECTED';

  constructor(
    private readonly database: RelayDatabase,
    private readonly publisher: OutboxPublisher,
    private readonly signal: OutboxSignal,
    private readonly logger: AmqpLogger,
    private readonly limits = LIMITS,
  ) {}

  get state(): RelayState {
    return this.currentState;
  }

  onApplicationBootstrap(): void {
    this.publisher.open();
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.publisher.close();
  }

  private async run(): Promise<void> {
    const { signal: stopping } = this.stopping;
    for (let failures = 0; !stopping.aborted;) {
      const begun = performance.now();
      try {
        await this.serve();
      } catch (error) {
        failures = performance.now() - begun < LASTING_MS ? failures + 1 : 0;
        this.logger.warn({ err: error, failures }, 'The relay lost its database session');
        await pause(backoffMs(failures), stopping);
      }
    }
  }

  /** One session from its beginning to its end, which throws unless the relay is stopping. */
  private async serve(): Promise<void> {
    const session = await this.database.open();
    const { signal: stopping } = this.stopping;
    const over = AbortSignal.any([stopping, session.ended]);
    this.currentState = 'STANDBY';
    try {
      while (!over.aborted && !(await tryToLead(session))) {
        await pause(STANDBY_MS * (0.75 + Math.random() / 2), over);
      }
      if (!over.aborted) await this.lead(session, over);
      if (!stopping.aborted) session.ended.throwIfAborted();
    } finally {
      this.currentState = 'DISCONNECTED';
      session.end();
    }
  }

  private async lead(session: RelaySession, over: AbortSignal): Promise<void> {
    const lead = new RelayLead(session, this.publisher, this.logger, this.limits);
    await session.listen('outbox', (replayedTenant) => {
      if (replayedTenant) lead.replay(replayedTenant);
      else lead.wake();
    });
    lead.begin();
    const stopListening = this.signal.leaderIsHere(() => lead.wake());
    this.currentState = 'LEADING';
    this.logger.info({}, 'The relay leads');
    await aborted(over);
    stopListening();
    await Promise.race([lead.drain(), pause(DRAIN_MS, session.ended)]);
    this.logger.info({}, 'The relay leads no more');
  }
}

async function pause(ms: number, cut: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: cut }).catch(() => undefined);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
