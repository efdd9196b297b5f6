import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Repeating } from '@bastion/platform';
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
  private readonly purging: Repeating;

  constructor(
    private readonly relay: Pick<OutboxRelay, 'state'>,
    private readonly database: RelayDatabase,
    private readonly hours: number,
    private readonly logger: AmqpLogger,
    everyMs = EVERY_MS,
  ) {
    this.purging = new Repeating({
      work: (stopping) => this.purgeIfLeading(stopping),
      failed: (error) => {
        logger.warn({ err: error }, 'Old messages could not be deleted; it is tried again');
      },
      pauseMs: everyMs,
    });
  }

  onApplicationBootstrap(): void {
    this.purging.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.purging.stop();
  }

  /** Deletes all that may go now; answers how many messages went. */
  async purge(stopping?: AbortSignal): Promise<number> {
    const session = await this.database.open();
    let purged = 0;
    try {
      for (const tenantId of await readTenantsToPurge(session, this.hours)) {
        let deleted = BATCH;
        while (deleted === BATCH && !stopping?.aborted) {
          deleted = await deleteReached(session, tenantId, this.hours, BATCH);
          purged += deleted;
        }
      }
    } finally {
      session.end();
    }
    return purged;
  }

  private async purgeIfLeading(stopping: AbortSignal): Promise<void> {
    if (this.relay.state !== 'LEADING') return;
    const purged = await this.purge(stopping);
    if (purged > 0) this.logger.info({ purged }, 'Old messages of the outbox are deleted');
  }
}
