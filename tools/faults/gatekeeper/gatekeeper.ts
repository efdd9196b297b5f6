import {
  AppliedLog,
  ApplyAccessChangeCommand,
  CheckQuery,
  Poller,
  ProjectionRepairer,
  ReplicaChangesListener,
  SnapshotReader,
  VerifyProjectionCommand,
  WaitingRoom,
  WallClockGuard,
  type Owner,
  type ProjectionLogger,
  type SnapshotHolder,
  type SnapshotRefresher,
} from '@bastion/gatekeeper/machines';
import { Clock, type ConsistencyTokens } from '@bastion/platform';
import { PoisonMessageError } from '@bastion/platform/amqp';
import type { Broker } from '../broker/broker.js';
import { BrokerClient } from '../broker/broker-client.js';
import type { BrokerConnection } from '../broker/broker-connection.js';
import type { Message, Settlement } from '../broker/broker-queue.js';
import type { Life } from '../simulation/process.js';
import type { Random } from '../simulation/random.js';
import { Wire } from '../simulation/wire.js';
import { ConnectionPool } from './connection-pool.js';
import type { ProjectionDatabase } from './projection-database.js';
import { SimulatedProjection } from './simulated-projection.js';
import type { GatekeeperVariant } from './variant.js';

export interface GatekeeperSettings {
  readonly leaseMs: number;
  readonly headsIntervalMs: number;
  readonly checkIntervalMs: number;
  readonly digestIntervalMs: number;
  readonly waitMs: number;
  readonly messageGraceMs: number;
  readonly gatherMs: number;
  readonly uncertaintyMs: number;
  limits: { readonly maxTenants: number; readonly maxBytes: number; readonly idleMs: number };
  poolSize: number;
}

export interface GatekeeperParts {
  readonly owner: (life: Life) => Owner;
  readonly projection: ProjectionDatabase;
  readonly broker: Broker;
  readonly random: Random;
  readonly tokens: ConsistencyTokens;
  readonly settings: GatekeeperSettings;
  readonly variant: GatekeeperVariant;
  readonly logger: ProjectionLogger;
}

/** More than the simulation ever has waiting. */
const WAITING = 100_000;
const PROJECTION_PREFETCH = 50;
const REPLICA_PREFETCH = 50;

/**
 * One process of gatekeeper from its start to its death: the real projector, replica and check, wired
 * as `ProjectionModule` wires them, over simulated connections.
 */
export class Gatekeeper {
  readonly holder: SnapshotHolder;
  readonly refresher: SnapshotRefresher;
  readonly reader: SnapshotReader;
  readonly projector: ApplyAccessChangeCommand;
  readonly #shared: ReturnType<GatekeeperVariant['listener']>;
  readonly #own: ReplicaChangesListener;
  readonly #clock: Clock;
  readonly #pollers: readonly Poller[];
  readonly #client: BrokerClient;

  constructor(
    private readonly parts: GatekeeperParts,
    readonly life: Life,
  ) {
    const { projection, broker, random, settings, variant, logger } = parts;
    const { leaseMs, waitMs, uncertaintyMs, limits, messageGraceMs } = settings;
    const { clock } = life;
    const { time, name } = life.process;
    const owner = variant.owner(parts.owner(life));
    const wire = (): Wire => new Wire(time, random, () => projection.latency);
    const pool = new ConnectionPool(life, () => settings.poolSize);
    const rows = new SimulatedProjection(projection, life, pool, wire, 'FOLLOW');
    const repaired = new SimulatedProjection(projection, life, pool, wire, 'REPAIR');
    const stored = (tenantId: string) => rows.stored(tenantId);
    const wallClock = new WallClockGuard({
      monotonic: clock,
      wall: () => life.wall(),
      uncertaintyMs,
      logger,
    });
    const shared = { clock, random: random.next, logger };

    this.#clock = new WallClock(life, uncertaintyMs);
    this.holder = variant.holder();
    this.refresher = variant.refresher({
      ...{
        ...shared,
        holder: this.holder,
        owner,
        stored,
        wallClock,
        leaseMs,
        limits,
        messageGraceMs,
      },
      applied: new AppliedLog({ consumer: { kind: 'REPLICA', id: name }, leaseMs }),
    });
    this.reader = new SnapshotReader({
      ...{ holder: this.holder, refresher: this.refresher, clock, wallClock, leaseMs, waitMs },
      waiting: new WaitingRoom(WAITING),
    });
    this.projector = new ApplyAccessChangeCommand({
      ...{ ...shared, projection: rows, owner },
      repairer: new ProjectionRepairer(repaired, owner, logger),
      applied: new AppliedLog({ consumer: { kind: 'PROJECTION', id: 'gatekeeper' }, leaseMs: 0 }),
      gatherMs: settings.gatherMs,
    });
    const verifier = new VerifyProjectionCommand({
      ...{ stored, projection: rows, projector: this.projector, historyDays: 30, logger },
    });
    this.#shared = variant.listener(this.projector);
    this.#own = new ReplicaChangesListener(this.refresher);

    const poller = (what: string, intervalMs: number, round: () => Promise<void>) =>
      new Poller({ what, intervalMs, round, clock, logger });
    this.#pollers = [
      poller('leases', settings.headsIntervalMs, () => this.refresher.renewLeases()),
      poller('comparing', settings.checkIntervalMs, () => this.projector.compareHeads()),
      poller('counting', settings.digestIntervalMs, () => verifier.runAll()),
    ];
    this.#client = new BrokerClient({
      ...{ life, broker, random },
      setUp: (connection) => this.#subscribe(connection),
      onReady: () => undefined,
    });
  }

  start(): void {
    this.#client.open();
    for (const poller of this.#pollers) poller.start();
  }

  /** The query of the API, answering from readings that `read` makes. */
  check(read: SnapshotReader['read']): CheckQuery {
    const { tokens, logger } = this.parts;
    const reader = {
      read,
      standingOf: (held: Parameters<SnapshotReader['standingOf']>[0]) =>
        this.reader.standingOf(held),
    };
    const error = (_fields: unknown, message?: unknown): void => logger.error({}, String(message));
    const admission = { admitQuestions: () => undefined };
    return new CheckQuery({ reader, admission, clock: this.#clock, tokens, logger: { error } });
  }

  async #subscribe(connection: BrokerConnection): Promise<void> {
    const { broker, variant } = this.parts;
    const { life } = this;
    const { wire } = connection;
    await life.request('consume the shared queue', wire, () =>
      broker.consumeShared(connection, {
        connection,
        prefetch: PROJECTION_PREFETCH,
        handle: (message, deliveries) =>
          this.#settlementOf(deliveries, () =>
            this.#shared.accessChanged(variant.body(message.body)),
          ),
      }),
    );
    await life.request('consume its own queue', wire, () =>
      broker.consumeOwn(connection, {
        connection,
        prefetch: REPLICA_PREFETCH,
        handle: (message) => this.#takeOwn(message),
      }),
    );
    // What was published while it was not subscribed, it has missed.
    void this.refresher.renewLeases().catch(() => undefined);
  }

  /** As `AmqpServer` decides. */
  async #settlementOf(deliveries: number, run: () => Promise<void>): Promise<Settlement> {
    try {
      await run();
      return 'ACK';
    } catch (error) {
      if (error instanceof PoisonMessageError) return 'REJECT';
      await this.life.clock.sleep(100 * 2 ** Math.min(deliveries, 5), new AbortController().signal);
      return 'REQUEUE';
    }
  }

  #takeOwn(message: Message): Promise<Settlement> {
    try {
      this.#own.accessChanged(this.parts.variant.body(message.body));
      return Promise.resolve('ACK');
    } catch (error) {
      if (!(error instanceof PoisonMessageError)) throw error;
      return Promise.resolve('REJECT');
    }
  }
}

class WallClock extends Clock {
  constructor(
    private readonly life: Life,
    uncertaintyMs: number,
  ) {
    super(uncertaintyMs);
  }

  override now(): number {
    return this.life.wall();
  }
}
