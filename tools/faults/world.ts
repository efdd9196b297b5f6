import type { ProjectionLogger } from '@bastion/gatekeeper/machines';
import { ConsistencyTokens, Secret } from '@bastion/platform';
import { Broker } from './broker/broker.js';
import { REAL_BUILD, type Build } from './build.js';
import { firstRevision } from './company/first-revision.js';
import { Gatekeeper, type GatekeeperSettings } from './gatekeeper/gatekeeper.js';
import { ProjectionDatabase } from './gatekeeper/projection-database.js';
import { HeldSince } from './oracle/held-since.js';
import { History } from './oracle/history.js';
import { Judge } from './oracle/judge.js';
import { OwnerDatabase } from './owner/owner-database.js';
import { ownerOver } from './owner/owner-network.js';
import { OwnerProcess } from './owner/owner-process.js';
import { NEW_TENANT, withRevision, type OwnerVersion } from './owner/owner-rows.js';
import { CounterLocks } from './owner/owner-session.js';
import type { WriterParts } from './owner/write.js';
import { Relay } from './relay/relay.js';
import { Link } from './simulation/link.js';
import { BEGINNING, Process, type CrashAt, type Life } from './simulation/process.js';
import { Random } from './simulation/random.js';
import { Trace } from './simulation/trace.js';
import { VirtualTime } from './simulation/virtual-time.js';
import { Wire } from './simulation/wire.js';

export interface WorldOptions {
  readonly seed: number;
  readonly build?: Build;
  /** Whether the whole trace is kept, to be read. */
  readonly keepTrace?: boolean;
  readonly crashAt?: CrashAt;
  readonly settings?: Partial<GatekeeperSettings>;
}

/** A process, and what runs in it while it lives. */
export interface Host<Running> {
  readonly process: Process;
  /** Undefined while the process does not run. */
  readonly running: () => Running | undefined;
  readonly start: () => void;
}

export const TENANTS = ['acme', 'bell', 'cord'] as const;

const SETTINGS: GatekeeperSettings = {
  leaseMs: 5_000,
  headsIntervalMs: 1_000,
  checkIntervalMs: 5_000,
  digestIntervalMs: 10_000,
  waitMs: 2_000,
  uncertaintyMs: 250,
  messageGraceMs: 200,
  gatherMs: 1_000,
  limits: { maxTenants: 100, maxBytes: 2 ** 30, idleMs: 900_000 },
  poolSize: 10,
};

const TOKEN_KEY = new Secret('consistency-token-key-of-the-simulation');

/**
 * The whole platform on one virtual clock and one source of chance: two processes of the owner on one
 * database, two relays, a broker, two processes of gatekeeper on another database, and the networks
 * between them. Everything that is decided is decided by the real machines.
 */
export class World {
  readonly random: Random;
  readonly time: VirtualTime;
  readonly history: History;
  readonly judge: Judge;
  readonly heldSince: HeldSince;
  readonly database: OwnerDatabase;
  readonly locks: CounterLocks;
  readonly broker: Broker;
  readonly projection: ProjectionDatabase;
  readonly owners: readonly OwnerProcess[];
  readonly relays: readonly Host<Relay>[];
  readonly gatekeepers: readonly Host<Gatekeeper>[];
  /** From each gatekeeper to the owner, in their order. */
  readonly links: readonly Link[];
  readonly settings: GatekeeperSettings;
  readonly tokens = new ConsistencyTokens([TOKEN_KEY]);
  readonly build: Build;
  version: OwnerVersion = 'PRESENT';
  /** Nothing goes wrong any more. */
  isHealed = false;
  /** What ends the faults that are under way. */
  readonly endings = new Set<() => void>();
  /** One statement at the owner's database, ms: least and most. */
  databaseLatency: readonly [number, number] = [0.2, 4];
  readonly #crashAt: CrashAt;
  /** Some transactions are longer than others. */
  readonly #dawdling: Random;

  constructor({ seed, build, keepTrace, crashAt, settings }: WorldOptions) {
    this.build = build ?? REAL_BUILD;
    this.#crashAt = crashAt ?? (() => 'NOT');
    this.settings = { ...SETTINGS, ...settings };
    const { leaseMs, uncertaintyMs } = this.settings;
    this.random = new Random(seed);
    this.#dawdling = this.random.fork('dawdling');
    this.time = new VirtualTime(new Trace(keepTrace ?? false));
    const { time } = this;
    this.history = new History(() => time.now);
    const { history } = this;
    this.judge = new Judge({ time, history, leaseMs, uncertaintyMs });
    this.heldSince = new HeldSince(() => time.now);
    time.onStep.add(() => this.heldSince.look(this));
    const { judge } = this;
    this.database = new OwnerDatabase({ time, history, marked: (at) => judge.marked(at) });
    this.locks = new CounterLocks(time);
    this.database.onEnd.add(() => this.locks.clear());
    this.broker = new Broker(time, this.random.fork('broker'));
    this.broker.onConfirmed = (message) => judge.confirmed(message);
    this.broker.onAcknowledged = (message, life) =>
      judge.acknowledged(message, life, this.projection.tenant(tenantOf(message.id)));
    this.projection = new ProjectionDatabase({
      time,
      committed: (...commit) => judge.projected(...commit),
    });

    this.owners = ['owner-1', 'owner-2'].map((name) => this.#owner(name));
    this.relays = ['relay-1', 'relay-2'].map((name) =>
      this.#host(name, (life) => {
        const relay = this.#relay(life);
        relay.start();
        return relay;
      }),
    );
    const names = ['gatekeeper-1', 'gatekeeper-2'];
    this.links = names.map((name) => new Link(`the owner`, time, this.random.fork(`link ${name}`)));
    this.gatekeepers = names.map((name, index) =>
      this.#host(name, (life) => {
        const gatekeeper = this.#gatekeeper(life, this.links[index]!);
        gatekeeper.start();
        return gatekeeper;
      }),
    );
  }

  /**
   * Every process starts, on tenants that have just been created; the second of each pair that much
   * later, ms: with enough of it, the first leads.
   */
  start(tenantIds: readonly string[] = TENANTS, secondsAfterMs = 0): void {
    for (const tenantId of tenantIds) this.createTenant(tenantId);
    for (const { process } of this.owners) process.start();
    for (const [first, second] of [this.relays, this.gatekeepers]) {
      first!.start();
      this.time.after(secondsAfterMs, `${second!.process.name} starts`, () => second!.start());
    }
  }

  /** As the operator creates one: in a single transaction of its own. */
  createTenant(tenantId: string): void {
    const events = firstRevision(tenantId);
    const rows = withRevision(NEW_TENANT, {
      ...{ tenantId, events, decidedOn: null, key: null, version: this.version },
      committedAt: Math.round(BEGINNING + this.time.now),
      sequence: this.database.nextSequence(),
    });
    const { epoch, revision, historyDigest: digest } = rows.counter;
    this.history.committed(tenantId, { epoch, revision, digest }, events, null);
    this.database.put(tenantId, rows);
  }

  /** What a writer in a process of the owner works with. */
  get writer(): WriterParts {
    const { database, locks, history, judge, build } = this;
    return {
      ...{ database, locks, history, judge },
      wire: () => this.#databaseWire(),
      version: () => this.version,
      uncertaintyMs: this.settings.uncertaintyMs,
      dawdleMs: () => (this.#dawdling.chance(0.15) ? this.#dawdling.between(1, 200) : 0),
      loadsBeforeLocking: build.loadsBeforeLocking,
    };
  }

  /** Ends every fault: what is down comes up, what is slow is quick, and clocks are right. */
  heal(): void {
    this.isHealed = true;
    for (const end of this.endings) end();
    this.endings.clear();
    for (const link of this.links) link.heal();
    this.databaseLatency = [0.2, 4];
    this.database.up = true;
    this.projection.up = true;
    this.projection.latency = [0.2, 3];
    this.version = 'PRESENT';
    this.settings.poolSize = SETTINGS.poolSize;
    this.broker.heal();
    for (const owner of this.owners) {
      owner.spoiledChanges.clear();
      owner.spoiledSnapshots.clear();
      if (!owner.process.life) owner.process.start();
    }
    for (const host of [...this.relays, ...this.gatekeepers]) host.start();
    for (const process of this.processes) {
      process.wallAhead = 0;
      process.resume();
    }
  }

  get processes(): readonly Process[] {
    return [...this.owners, ...this.relays, ...this.gatekeepers].map(({ process }) => process);
  }

  #process(name: string): Process {
    return new Process(name, this.time, this.random.fork(`process ${name}`), this.#crashAt);
  }

  #host<Running>(name: string, run: (life: Life) => Running): Host<Running> {
    const process = this.#process(name);
    let started: { readonly life: Life; readonly running: Running } | undefined;
    return {
      process,
      running: () => (started && process.life === started.life ? started.running : undefined),
      start: () => {
        if (process.life) return;
        const life = process.start();
        started = { life, running: run(life) };
      },
    };
  }

  #owner(name: string): OwnerProcess {
    const { database } = this;
    return new OwnerProcess({
      process: this.#process(name),
      database,
      wire: () => this.#databaseWire(),
      version: () => this.version,
      factsOf: (tenantId) => this.build.factsOf(database, tenantId),
    });
  }

  #relay(life: Life): Relay {
    const { database, broker, build } = this;
    return new Relay(
      {
        ...{ database, broker },
        wire: () => this.#databaseWire(),
        random: this.random.fork(`relay ${life.process.name} ${this.time.now}`),
        unsent: (request) => build.unsent(database, request),
        understood: build.understood,
      },
      life,
    );
  }

  #gatekeeper(life: Life, link: Link): Gatekeeper {
    const { projection, broker, settings, tokens, build } = this;
    const random = this.random.fork(`gatekeeper ${life.process.name} ${this.time.now}`);
    return new Gatekeeper(
      {
        owner: () => ownerOver(link, this.owners, life, random, settings.leaseMs),
        ...{ projection, broker, random, tokens, settings },
        variant: build.gatekeeper,
        logger: this.#logger(life),
      },
      life,
    );
  }

  #databaseWire(): Wire {
    return new Wire(this.time, this.random, () => this.databaseLatency);
  }

  /** What the machines say goes into the trace: it tells most of a story that went wrong. */
  #logger(life: Life): ProjectionLogger {
    const say = (fields: object, message: string): void => {
      const { tenantId = '' } = fields as { readonly tenantId?: string };
      this.time.trace.note(this.time.now, `${life.process.name} says: ${tenantId} ${message}`);
    };
    return { debug: () => undefined, info: say, warn: say, error: say };
  }
}

function tenantOf(messageId: string): string {
  return messageId.split('/')[0]!;
}
