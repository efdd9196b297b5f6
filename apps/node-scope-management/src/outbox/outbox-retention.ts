import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { AmqpLogger } from '@bastion/platform/amqp';
import type { RelayDatabase } from '../database/relay-database.js';
import type { OutboxRelay } from './outbox.relay.js';
import { deleteReached, readTenantsToPurge } from './retention.store.js';

/** Messages looked at in one statement: a few milliseconds of a lock on rows that nobody wants. */
const BATCH = 500;

const EVERY_MS = 5 * 60 * 1_000;

/**
 * Deletes messages that were sent long ago and have arrived everywhere. The process whose relay leads
 * does it, every few minutes, over a session of its own: its failure must not end the lead.
 */
export class OutboxRetention implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly relay: Pick<OutboxRelay, 'state'>,
    private readonly database: RelayDatabase,
    private readonly hours: number,
    private readonly logger: AmqpLogger,
    private readonly everyMs = EVERY_MS,
  ) {}

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** Deletes all that may go now; answers how many messages went. */
  async purge(): Promise<number> {
    const session = await this.database.open();
    const { signal: stopping } = this.stopping;
    let purged = 0;
    try {
      for (const tenantId of await readTenantsToPurge(session, this.hours)) {
        let deleted = BATCH;
        while (deleted === BATCH && !stopping.aborted) {
          deleted = await deleteReached(session, tenantId, this.hours, BATCH);
          purged += deleted;
        }
      }
    } finally {
      session.end();
    }
    return purged;
  }

  private async run(): Promise<void> {
    const { signal: stopping } = this.stopping;
    while (!stopping.aborted) {
      await sleep(this.everyMs, undefined, { signal: stopping }).catch(() => undefined);
      if (stopping.aborted || this.relay.state !== 'LEADING') continue;
      try {
        const purged = await this.purge();
        if (purged > 0) this.logger.info({ purged }, 'Old messages of the outbox are deleted');
      } catch (error) {
        this.logger.warn({ err: error }, 'Old messages could not be deleted; it is tried again');
      }
    }
  }
}
