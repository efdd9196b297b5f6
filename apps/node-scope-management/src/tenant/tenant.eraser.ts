import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Repeating } from '@bastion/platform';
import type { PinoLogger } from 'nestjs-pino';
import type { EraseTenantCommand } from './erase-tenant.command.js';

/** How soon after a deletion its rows begin to go, and how soon what could not go is tried again. */
const EVERY_MS = 5_000;

/** Erases in every serving process what is left of deleted tenants; the rows decide who does it. */
export class TenantEraser implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly erasing: Repeating;

  constructor(
    eraseTenant: Pick<EraseTenantCommand, 'runAll'>,
    logger: Pick<PinoLogger, 'warn'>,
    everyMs = EVERY_MS,
  ) {
    this.erasing = new Repeating({
      work: (stopping) => eraseTenant.runAll(stopping),
      failed: (error) => {
        logger.warn({ err: error }, 'A tenant could not be erased; it is tried again');
      },
      pauseMs: everyMs,
    });
  }

  onApplicationBootstrap(): void {
    this.erasing.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.erasing.stop();
  }
}
