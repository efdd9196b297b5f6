import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { AppDatabase } from '../database/app-database.js';
import { OutboxSignal } from './outbox-signal.js';

/**
 * Wakes a relay that leads in another process, through the database. One notification stands for
 * all commits before it, so any number of them needs two at most: one under way and one after it.
 */
@Injectable()
export class WakeForwarder implements OnApplicationShutdown {
  private forwarding: Promise<void> | null = null;
  private again = false;

  constructor(
    signal: OutboxSignal,
    private readonly database: AppDatabase,
    private readonly logger: PinoLogger,
  ) {
    signal.passOnWith(() => this.forward());
  }

  async onApplicationShutdown(): Promise<void> {
    while (this.forwarding) await this.forwarding;
  }

  private forward(): void {
    if (this.forwarding) {
      this.again = true;
      return;
    }
    this.again = false;
    this.forwarding = this.database
      .notifyOutbox()
      // The relay polls as well: what is lost here is half a second.
      .catch((error: unknown) => this.logger.warn({ err: error }, 'The relay was not woken'))
      .finally(() => {
        this.forwarding = null;
        if (this.again) this.forward();
      });
  }
}
