export { DatabaseServer, databaseUrl, type Login } from './postgres/database-server.js';
export { fetchToken, type TokenHolder } from './identity/fetch-token.js';
export type { Person, ServiceClient } from './identity/identity-directory.js';
export { IdentityProvider } from './identity/identity-provider.js';
export { type LocalStack, type LocalStackOptions, startLocalStack } from './local-stack.js';
export { LocalStackError } from './local-stack-error.js';
export { AUDIENCE, TENANT_CLAIM } from './identity/openid-provider.js';
export { choosePort, freePort, type PortChoice } from './ports/ports.js';
export { Postgres } from './postgres/postgres.js';
export { RabbitMq } from './rabbitmq/rabbitmq.js';
export { readStackConfig, type StackConfig } from './stack.config.js';
export {
  type DatabaseServers,
  type DatabaseUrls,
  GATEKEEPER_ROLES,
  type MigrationFolders,
  SCOPE_MANAGEMENT_ROLES,
  type StackDatabases,
} from './stack-databases.js';
export type { StackPart, StackStep } from './stack-parts.js';
export { StateFolder } from './state/state-folder.js';
export { stopOnSignals } from './process/stop-on-signals.js';
export { type Service, type ServiceSpec, Supervisor } from './process/supervisor.js';
export { serverUser } from './process/unix-user.js';
export { Watchdog } from './process/watchdog.js';
