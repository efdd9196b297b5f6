import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Databases } from '../database/databases.js';
import type { ApplyAccessChangeCommand } from './apply-access-change.command.js';
import type { Broker } from './broker.js';
import type { Poller } from './poller.js';

/**
 * Starts what runs by itself, and ends it when nothing comes in any more: by then Nest has closed the
 * HTTP server and both queues.
 */
export class ProjectionLifecycle implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly broker: Broker,
    private readonly pollers: readonly Poller[],
    private readonly projector: ApplyAccessChangeCommand,
    private readonly databases: Databases,
  ) {}

  onApplicationBootstrap(): void {
    this.broker.open();
    for (const poller of this.pollers) poller.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.pollers.map((poller) => poller.stop()));
    await this.projector.stop();
    await this.broker.close();
    await this.databases.close();
  }
}
