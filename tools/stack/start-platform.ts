import {
  choosePort,
  freePort,
  type LocalStack,
  type Service,
  type StackStep,
  startLocalStack,
} from '@bastion/local-stack';
import { localUrl, platformEnvironments, type Variables } from './platform-environments.js';
import { REPOSITORY } from './repository.js';
import type { ToolsConfig } from './tools.config.js';

/**
 * Variables that a service gets besides its own or instead of them, or what says so when it is told
 * the service's own and its name: a fault proxy in front of the broker is opened then.
 */
export type EnvironmentChange =
  Variables | ((own: Variables, service: string) => Variables | Promise<Variables>);

export interface PlatformOptions {
  readonly stateFolder: string;
  readonly fresh?: boolean;
  readonly config: ToolsConfig;
  readonly report: (step: StackStep) => void;
  /** How many processes of gatekeeper; 1 by default. */
  readonly replicas?: number;
  /** Whether each database gets a server of its own, to be restored alone. */
  readonly separateDatabases?: boolean;
  readonly environment?: {
    readonly scopeManagement?: EnvironmentChange;
    /** Of every replica. */
    readonly gatekeeper?: EnvironmentChange;
  };
}

/** One process of gatekeeper. */
export interface GatekeeperReplica {
  readonly service: Service;
  readonly url: string;
}

/** Everything running: both services on the parts they need. */
export interface Platform {
  readonly stack: LocalStack;
  /** The first of its replicas. */
  readonly gatekeeper: Service;
  readonly gatekeeperUrl: string;
  /** All replicas: the services `gatekeeper`, `gatekeeper-2` and so on, each with its own log. */
  readonly gatekeepers: readonly GatekeeperReplica[];
  readonly scopeManagement: Service;
  readonly scopeManagementUrl: string;
  /** The environment of the operator's command. */
  readonly adminEnvironment: Variables;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL, RabbitMQ, the identity provider and both services.
 * @throws LocalStackError saying what to do; nothing is left running then
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { stateFolder, fresh, config, report, separateDatabases } = options;
  const stack = await startLocalStack({
    stateFolder,
    fresh,
    cacheFolder: `${REPOSITORY}.local/cache`,
    config: config.stack,
    migrations: {
      scopeManagement: `${REPOSITORY}prisma/scope-management/migrations`,
      gatekeeper: `${REPOSITORY}prisma/gatekeeper/migrations`,
    },
    report,
    separateDatabases,
  });
  try {
    return await startServices(stack, options);
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

async function startServices(stack: LocalStack, options: PlatformOptions): Promise<Platform> {
  const { config, environment: changes = {} } = options;
  const gatekeeperPorts = await chooseGatekeeperPorts(options);
  const scopeManagementPort = await choosePort({
    part: 'node-scope-management',
    variable: 'NSM_PORT',
    configured: config.ports.scopeManagement,
  });
  const { clientId, clientSecret = stack.state.secret('sync-client') } = config.sync;
  stack.identityProvider?.addService({ clientId, clientSecret, tenantId: null });
  const environments = platformEnvironments(stack, {
    gatekeeperPorts,
    scopeManagementPort,
    sync: { clientId, clientSecret },
  });

  const [scopeManagement, ...gatekeepers] = await Promise.all([
    startService(stack, {
      app: 'node-scope-management',
      port: scopeManagementPort,
      own: environments.scopeManagement,
      change: changes.scopeManagement,
    }),
    ...gatekeeperPorts.map((port, index) =>
      startService(stack, {
        app: 'gatekeeper',
        name: index === 0 ? 'gatekeeper' : `gatekeeper-${index + 1}`,
        port,
        own: environments.gatekeepers[index]!,
        change: changes.gatekeeper,
      }),
    ),
  ]);
  return {
    stack,
    scopeManagement,
    scopeManagementUrl: localUrl(scopeManagementPort),
    gatekeeper: gatekeepers[0]!,
    gatekeeperUrl: localUrl(gatekeeperPorts[0]!),
    gatekeepers: gatekeepers.map((service, index) => ({
      service,
      url: localUrl(gatekeeperPorts[index]!),
    })),
    adminEnvironment: environments.admin,
    stop: () => stack.stop(),
  };
}

/** The configured port is that of the first replica. */
async function chooseGatekeeperPorts({ config, replicas = 1 }: PlatformOptions): Promise<number[]> {
  const first = await choosePort({
    part: 'gatekeeper',
    variable: 'GATEKEEPER_PORT',
    configured: config.ports.gatekeeper,
  });
  const others = await Promise.all(Array.from({ length: replicas - 1 }, () => freePort()));
  return [first, ...others];
}

interface ServiceStart {
  readonly app: 'gatekeeper' | 'node-scope-management';
  /** The app's own by default. */
  readonly name?: string;
  readonly port: number;
  readonly own: Variables;
  readonly change: EnvironmentChange | undefined;
}

/**
 * A request's objects are dead when it is answered. In the 16 MiB that they have by default a
 * collection comes so often that it meets many alive; in much more, a single one takes too long.
 */
const NODE_OPTIONS = ['--enable-source-maps', '--max-semi-space-size=32'];

async function startService(
  stack: LocalStack,
  { app, name = app, port, own, change = {} }: ServiceStart,
): Promise<Service> {
  const changed = typeof change === 'function' ? await change(own, name) : change;
  return stack.services.start({
    name,
    script: `${REPOSITORY}apps/${app}/dist/src/main.js`,
    nodeOptions: NODE_OPTIONS,
    environment: { ...own, ...changed },
    readyUrl: `${localUrl(port)}/health/ready`,
  });
}
