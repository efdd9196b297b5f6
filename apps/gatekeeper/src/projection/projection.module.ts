import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import type { Clock } from '@bastion/platform';
import { PinoLogger } from 'nestjs-pino';
import type { WaitingRoom } from '../admission/index.js';
import type { AmqpConfig } from '../config/amqp.config.js';
import type { SyncConfig } from '../config/sync.config.js';
import { Databases } from '../database/databases.js';
import { OwnerClient } from '../owner/index.js';
import { AccessChangesListener } from './access-changes.listener.js';
import { AppliedLog } from './applied-log.js';
import { AppliedPublisher } from './applied.publisher.js';
import { ApplyAccessChangeCommand } from './apply-access-change.command.js';
import { Broker } from './broker.js';
import { systemMonotonicClock as clock } from './monotonic-clock.js';
import { Poller } from './poller.js';
import { ProjectionLifecycle } from './projection.lifecycle.js';
import { ProjectionRepairer } from './projection.repairer.js';
import { ProjectionStore } from './projection.store.js';
import { ReplicaHealth } from './replica.health.js';
import { ReplicaChangesListener } from './replica-changes.listener.js';
import { SnapshotHolder } from './snapshot.holder.js';
import { SnapshotReader } from './snapshot.reader.js';
import { SnapshotRefresher } from './snapshot.refresher.js';
import { SnapshotStore } from './snapshot.store.js';
import { VerifyProjectionCommand } from './verify-projection.command.js';
import { WallClockGuard } from './wall-clock.guard.js';

const random = Math.random;

/** Several times what a message takes under load. */
const MESSAGE_GRACE_MS = 200;

/** Nothing is decided from the projection but what a replica that starts begins with, and pulls on from. */
const PROJECTION_GATHER_MS = 1_000;

export interface ProjectionOptions {
  readonly sync: SyncConfig;
  readonly amqp: AmqpConfig;
  /** Names this process to the owner. */
  readonly replicaId: string;
  readonly clock: Clock;
  /** Where questions wait that cannot be answered at once. */
  readonly waiting: WaitingRoom;
  /** Provide {@link Databases} and {@link OwnerClient}. */
  readonly imports: readonly [database: DynamicModule, owner: DynamicModule];
}

/** How far both machines are, to be told to the owner. */
interface AppliedLogs {
  readonly replica: AppliedLog;
  readonly projection: AppliedLog;
}

/** Follows the owner: in the database (the projector) and in memory (the replica). */
@Module({})
export class ProjectionModule {
  static forRoot(options: ProjectionOptions): DynamicModule {
    const { sync, amqp, replicaId, waiting, imports } = options;
    const wallClock = { provide: WallClockGuard, ...guard(options.clock) };
    const logs: AppliedLogs = {
      replica: new AppliedLog({
        consumer: { kind: 'REPLICA', id: replicaId },
        leaseMs: sync.leaseMs,
      }),
      // All replicas of an installation write one projection, so it is one consumer.
      projection: new AppliedLog({
        consumer: { kind: 'PROJECTION', id: `${amqp.namespace}.gatekeeper` },
        leaseMs: 0,
      }),
    };
    return {
      module: ProjectionModule,
      imports: [...imports],
      controllers: [AccessChangesListener, ReplicaChangesListener],
      providers: [
        SnapshotHolder,
        wallClock,
        {
          provide: ReplicaHealth,
          inject: [WallClockGuard],
          useFactory: (clockGuard: WallClockGuard) => new ReplicaHealth(clockGuard),
        },
        refresher(sync, amqp, logs),
        reader(sync, waiting),
        projector(logs),
        verifier(sync),
        broker(amqp, logs),
        lifecycle(sync),
      ],
      exports: [
        SnapshotHolder,
        SnapshotReader,
        ApplyAccessChangeCommand,
        ReplicaHealth,
        SnapshotRefresher,
        VerifyProjectionCommand,
      ],
    };
  }
}

function guard({ uncertaintyMs }: Clock) {
  return {
    inject: [PinoLogger],
    useFactory: (logger: PinoLogger) =>
      new WallClockGuard({ monotonic: clock, wall: Date.now, uncertaintyMs, logger }),
  };
}

function refresher(
  { leaseMs, limits }: SyncConfig,
  { url }: AmqpConfig,
  { replica: applied }: AppliedLogs,
): Provider {
  const messageGraceMs = url ? MESSAGE_GRACE_MS : 0;
  return {
    provide: SnapshotRefresher,
    inject: [SnapshotHolder, OwnerClient, Databases, WallClockGuard, PinoLogger],
    useFactory: (
      holder: SnapshotHolder,
      owner: OwnerClient,
      databases: Databases,
      wallClock: WallClockGuard,
      logger: PinoLogger,
    ) => {
      const store = new SnapshotStore(databases.app);
      const stored = (tenantId: string) => store.load(tenantId);
      const settings = { clock, wallClock, random, leaseMs, limits, messageGraceMs };
      return new SnapshotRefresher({ holder, owner, stored, applied, logger, ...settings });
    },
  };
}

function reader({ atLeastWaitMs: waitMs, leaseMs }: SyncConfig, waiting: WaitingRoom): Provider {
  return {
    provide: SnapshotReader,
    inject: [SnapshotHolder, SnapshotRefresher, WallClockGuard],
    useFactory: (holder: SnapshotHolder, refresher: SnapshotRefresher, wallClock: WallClockGuard) =>
      new SnapshotReader({ holder, refresher, clock, wallClock, waiting, leaseMs, waitMs }),
  };
}

function projector({ projection: applied }: AppliedLogs): Provider {
  return {
    provide: ApplyAccessChangeCommand,
    inject: [Databases, OwnerClient, PinoLogger],
    useFactory: (databases: Databases, owner: OwnerClient, logger: PinoLogger) => {
      const projection = new ProjectionStore(databases.projector);
      const repairer = new ProjectionRepairer(projection, owner, logger);
      const settings = { clock, random, logger, gatherMs: PROJECTION_GATHER_MS };
      return new ApplyAccessChangeCommand({ projection, repairer, owner, applied, ...settings });
    },
  };
}

function verifier({ historyDays }: SyncConfig): Provider {
  return {
    provide: VerifyProjectionCommand,
    inject: [Databases, ApplyAccessChangeCommand, PinoLogger],
    useFactory: (
      databases: Databases,
      applyAccessChange: ApplyAccessChangeCommand,
      logger: PinoLogger,
    ) => {
      const store = new SnapshotStore(databases.app);
      return new VerifyProjectionCommand({
        stored: (tenantId) => store.load(tenantId),
        projection: new ProjectionStore(databases.projector),
        projector: applyAccessChange,
        historyDays,
        logger,
      });
    },
  };
}

function broker(amqp: AmqpConfig, logs: AppliedLogs): Provider {
  return {
    provide: Broker,
    inject: [PinoLogger, SnapshotRefresher],
    useFactory: (logger: PinoLogger, snapshotRefresher: SnapshotRefresher) => {
      const made = new Broker(amqp, logger, () => snapshotRefresher.renewLeases());
      if (made.applied) {
        new AppliedPublisher(logs.replica, made.applied, clock, logger);
        new AppliedPublisher(logs.projection, made.applied, clock, logger);
      }
      return made;
    },
  };
}

function lifecycle(sync: SyncConfig): Provider {
  return {
    provide: ProjectionLifecycle,
    inject: [
      Broker,
      SnapshotRefresher,
      ApplyAccessChangeCommand,
      VerifyProjectionCommand,
      Databases,
      PinoLogger,
    ],
    useFactory: (
      madeBroker: Broker,
      snapshotRefresher: SnapshotRefresher,
      applyAccessChange: ApplyAccessChangeCommand,
      verifyProjection: VerifyProjectionCommand,
      databases: Databases,
      logger: PinoLogger,
    ) => {
      const poller = (what: string, intervalMs: number, round: () => Promise<void>) =>
        new Poller({ what, intervalMs, round, clock, logger });
      const pollers = [
        poller('renewing leases', sync.headsIntervalMs, () => snapshotRefresher.renewLeases()),
        poller('comparing the projection with the owner', sync.projectionCheckIntervalMs, () =>
          applyAccessChange.compareHeads(),
        ),
        poller('counting the projection', sync.digestIntervalMs, () => verifyProjection.runAll()),
      ];
      return new ProjectionLifecycle(madeBroker, pollers, applyAccessChange, databases);
    },
  };
}
