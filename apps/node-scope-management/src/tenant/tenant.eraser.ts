import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { EraseTenantCommand } from './erase-tenant.command.js';

/** How soon after a deletion its rows begin to go, and how soon what could not go is tried again. */
const EVERY_MS = 5_000;

/** Erases in every serving process what is left of deleted tenants; the rows decide who does it. */
@Injectable()
export class TenantEraser implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly eraseTenant: EraseTenantCommand,
    private readonly logger: PinoLogger,
  ) {
    logger.setContext(TenantEraser.name);
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal: stopping } = this.stopping;
    while (!stopping.aborted) {
      await sleep(EVERY_MS, undefined, { signal: stopping }).catch(() => undefined);
      try {
        if (!stopping.aborted) await this.eraseTenant.runAll(stopping);
      } catch (error) {
        this.logger.warn({ err: error }, 'A tenant could not be erased; it is tried again');
      }
    }
  }
}
