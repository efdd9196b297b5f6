import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import type { AmqpConfig } from '../config/amqp.config.js';
import type { SyncConfig } from '../config/sync.config.js';
import { Databases } from '../database/databases.js';
import { OwnerClient } from '../owner/index.js';
import { AccessChangesListener } from './access-changes.listener.js';
import { ApplyAccessChangeCommand } from './apply-access-change.command.js';
import { Broker } from './broker.js';
import { systemMonotonicClock as clock } from './monotonic-clock.js';
import { Poller } from './poller.js';
import { ProjectionLifecycle } from './projection.lifecycle.js';
import { ProjectionRepairer } from './projection.repairer.js';
import { ProjectionStore } from './projection.store.js';
import { ReplicaChangesListener } from './replica-changes.listener.js';
import { SnapshotHolder } from './snapshot.holder.js';
import { SnapshotReader } from './snapshot.reader.js';
import { SnapshotRefresher } from './snapshot.refresher.js';
import { SnapshotStore } from './snapshot.store.js';

const random = Math.random;

export interface ProjectionOptions {
  readonly sync: SyncConfig;
  readonly amqp: AmqpConfig;
  /** Provide {@link Databases} and {@link OwnerClient}. */
  readonly imports: readonly [database: DynamicModule, owner: DynamicModule];
}

/** Follows the owner: in the database (the projector) and in memory (the replica). */
@Module({})
export class ProjectionModule {
  static forRoot({ sync, amqp, imports }: ProjectionOptions): DynamicModule {
    return {
      module: ProjectionModule,
      imports: [...imports],
      controllers: [AccessChangesListener, ReplicaChangesListener],
      providers: [
        SnapshotHolder,
        refresher(sync),
        reader(sync),
        projector(),
        broker(amqp),
        lifecycle(sync),
      ],
      exports: [SnapshotReader],
    };
  }
}

function refresher({ leaseMs, limits }: SyncConfig): Provider {
  return {
    provide: SnapshotRefresher,
    inject: [SnapshotHolder, OwnerClient, Databases, PinoLogger],
    useFactory: (
      holder: SnapshotHolder,
      owner: OwnerClient,
      databases: Databases,
      logger: PinoLogger,
    ) => {
      const store = new SnapshotStore(databases.app);
      const stored = (tenantId: string) => store.load(tenantId);
      const settings = { clock, random, leaseMs, limits };
      return new SnapshotRefresher({ holder, owner, stored, logger, ...settings });
    },
  };
}

function reader({ atLeastWaitMs }: SyncConfig): Provider {
  return {
    provide: SnapshotReader,
    inject: [SnapshotHolder, SnapshotRefresher],
    useFactory: (holder: SnapshotHolder, refresher: SnapshotRefresher) =>
      new SnapshotReader({ holder, refresher, clock, waitMs: atLeastWaitMs }),
  };
}

function projector(): Provider {
  return {
    provide: ApplyAccessChangeCommand,
    inject: [Databases, OwnerClient, PinoLogger],
    useFactory: (databases: Databases, owner: OwnerClient, logger: PinoLogger) => {
      const projection = new ProjectionStore(databases.projector);
      const repairer = new ProjectionRepairer(projection, owner, logger);
      return new ApplyAccessChangeCommand({ projection, repairer, owner, clock, random, logger });
    },
  };
}

function broker(amqp: AmqpConfig): Provider {
  return {
    provide: Broker,
    inject: [PinoLogger, SnapshotRefresher],
    useFactory: (logger: PinoLogger, refresher: SnapshotRefresher) =>
      new Broker(amqp, logger, () => refresher.renewLeases()),
  };
}

function lifecycle({ headsIntervalMs, projectionCheckIntervalMs }: SyncConfig): Provider {
  return {
    provide: ProjectionLifecycle,
    inject: [Broker, SnapshotRefresher, ApplyAccessChangeCommand, Databases, PinoLogger],
    useFactory: (
      broker: Broker,
      refresher: SnapshotRefresher,
      projector: ApplyAccessChangeCommand,
      databases: Databases,
      logger: PinoLogger,
    ) => {
      const leases = new Poller({
        what: 'renewing leases',
        intervalMs: headsIntervalMs,
        round: () => refresher.renewLeases(),
        clock,
        logger,
      });
      const backstop = new Poller({
        what: 'comparing the projection with the owner',
        intervalMs: projectionCheckIntervalMs,
        round: () => projector.compareHeads(),
        clock,
        logger,
      });
      return new ProjectionLifecycle(broker, [leases, backstop], projector, databases);
    },
  };
}
