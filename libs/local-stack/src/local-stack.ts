import type { IdentityProvider } from './identity/identity-provider.js';
import type { Postgres } from './postgres/postgres.js';
import type { RabbitMq } from './rabbitmq/rabbitmq.js';
import type { StackConfig } from './stack.config.js';
import type { DatabaseServers, MigrationFolders, StackDatabases } from './stack-databases.js';
import type { StackGround } from './stack-ground.js';
import { StackParts, type StackStep } from './stack-parts.js';
import { StateFolder } from './state/state-folder.js';
import { Supervisor } from './process/supervisor.js';
import { serverUser } from './process/unix-user.js';
import { Watchdog } from './process/watchdog.js';

export interface LocalStackOptions {
  /** Everything the stack remembers; one stack at a time uses it. */
  readonly stateFolder: string;
  /** Delete what an earlier stack left in the state folder. */
  readonly fresh?: boolean;
  /** Where a RabbitMQ is unpacked when the machine has none; stacks may share it. */
  readonly cacheFolder: string;
  readonly config: StackConfig;
  readonly migrations: MigrationFolders;
  readonly report: (step: StackStep) => void;
  /** Give each embedded database a server of its own, so that either can be restored alone. */
  readonly separateDatabases?: boolean;
}

/** A running stack: what the two services need, started here or taken from elsewhere. */
export interface LocalStack {
  readonly databases: StackDatabases;
  /** Undefined: there is no broker, and the services find out about changes by polling. */
  readonly amqpUrl?: string;
  /** The issuer of the tokens both services accept. */
  readonly issuer: string;
  /** The parts started here; undefined for those that are elsewhere or that there are none of. */
  readonly postgres?: Postgres;
  /** That server as each database's own; two servers with `separateDatabases`. */
  readonly databaseServers: DatabaseServers;
  readonly rabbitMq?: RabbitMq;
  readonly identityProvider?: IdentityProvider;
  /** Runs the services; `stop` ends them before the parts they use. */
  readonly services: Supervisor;
  readonly state: StateFolder;
  /** Stops everything started here; the state stays. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL, RabbitMQ and an identity provider, all on 127.0.0.1, or uses those the
 * configuration names, and brings both databases up to date. All of it ends with this process,
 * however that ends.
 * @throws LocalStackError saying what to do; nothing is left running then
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const { stateFolder, fresh, cacheFolder, config, migrations, report } = options;
  const { separateDatabases = false } = options;
  const user = serverUser();
  const state = await StateFolder.open({ path: stateFolder, fresh, user });
  const watchdog = Watchdog.start({
    pidFile: state.watchdogFile,
    logFile: state.file('watchdog.log'),
  });
  const lost = (detail: string) => report({ state: 'LOST', detail });
  const ground: StackGround = { state, watchdog, user, lost };
  const services = new Supervisor(ground);
  const parts = new StackParts(ground, config, report);
  const stop = async () => {
    await services.stopAll();
    await parts.stop();
    await watchdog.stop();
    state.close();
  };

  const starts = [
    parts.databases(migrations, separateDatabases),
    parts.broker(cacheFolder),
    parts.issuer(),
  ] as const;
  try {
    const [databases, broker, issuer] = await Promise.all(starts);
    return { ...databases, ...broker, ...issuer, services, state, stop };
  } catch (error) {
    // The others may be half way, and only what has started can be stopped.
    await Promise.allSettled(starts);
    await stop();
    throw error;
  }
}
