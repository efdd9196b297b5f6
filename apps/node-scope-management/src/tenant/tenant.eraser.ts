import { setTimeout as sleep } from 'node:timers/promises';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { PinoLogger } from 'nestjs-pino';
import type { EraseTenantCommand } from './erase-tenant.command.js';

/** How soon after a deletion its rows begin to go, and how soon what could not go is tried again. */
const EVERY_MS = 5_000;

/** Erases in every serving process what is left of deleted tenants; the rows decide who does it. */
export class TenantEraser implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly eraseTenant: Pick<EraseTenantCommand, 'runAll'>,
    private readonly logger: Pick<PinoLogger, 'warn'>,
    private readonly everyMs = EVERY_MS,
  ) {}

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
      await sleep(this.everyMs, undefined, { signal: stopping }).catch(() => undefined);
      try {
        if (!stopping.aborted) await this.eraseTenant.runAll(stopping);
      } catch (error) {
        this.logger.warn({ err: error }, 'A tenant could not be erased; it is tried again');
      }
    }
  }
}
