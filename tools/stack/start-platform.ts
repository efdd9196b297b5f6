import {
  choosePort,
  type LocalStack,
  type Service,
  type StackStep,
  startLocalStack,
} from '@bastion/local-stack';
import { platformEnvironments } from './platform-environments.js';
import { REPOSITORY } from './repository.js';
import type { ToolsConfig } from './tools.config.js';

export interface PlatformOptions {
  readonly stateFolder: string;
  readonly fresh?: boolean;
  readonly config: ToolsConfig;
  readonly report: (step: StackStep) => void;
}

/** Everything running: both services on the parts they need. */
export interface Platform {
  readonly stack: LocalStack;
  readonly gatekeeper: Service;
  readonly scopeManagement: Service;
  readonly gatekeeperUrl: string;
  readonly scopeManagementUrl: string;
  /** The environment of the operator's command. */
  readonly adminEnvironment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL, RabbitMQ, the identity provider and both services.
 * @throws LocalStackError saying what to do; nothing is left running then
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { stateFolder, fresh, config, report } = options;
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
  });
  try {
    return await startServices(stack, config);
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

async function startServices(stack: LocalStack, config: ToolsConfig): Promise<Platform> {
  const gatekeeperPort = await choosePort({
    part: 'gatekeeper',
    variable: 'GATEKEEPER_PORT',
    configured: config.ports.gatekeeper,
  });
  const scopeManagementPort = await choosePort({
    part: 'node-scope-management',
    variable: 'NSM_PORT',
    configured: config.ports.scopeManagement,
  });
  const { clientId, clientSecret = stack.state.secret('sync-client') } = config.sync;
  stack.identityProvider?.addService({ clientId, clientSecret, tenantId: null });
  const environments = platformEnvironments(stack, {
    gatekeeperPort,
    scopeManagementPort,
    sync: { clientId, clientSecret },
  });
  const start = (name: string, port: number, environment: Record<string, string>) =>
    stack.services.start({
      name,
      script: `${REPOSITORY}apps/${name}/dist/src/main.js`,
      nodeOptions: ['--enable-source-maps'],
      environment,
      readyUrl: `http://127.0.0.1:${port}/health/ready`,
    });
  const [scopeManagement, gatekeeper] = await Promise.all([
    start('node-scope-management', scopeManagementPort, environments.scopeManagement),
    start('gatekeeper', gatekeeperPort, environments.gatekeeper),
  ]);
  return {
    stack,
    scopeManagement,
    gatekeeper,
    gatekeeperUrl: `http://127.0.0.1:${gatekeeperPort}`,
    scopeManagementUrl: `http://127.0.0.1:${scopeManagementPort}`,
    adminEnvironment: environments.scopeManagement,
    stop: () => stack.stop(),
  };
}
