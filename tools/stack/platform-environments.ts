import { AUDIENCE, type LocalStack } from '@bastion/local-stack';
import { signingKeysOf } from './signing-keys.js';

/** Environment variables of a process. */
export type Variables = Readonly<Record<string, string>>;

export interface PlatformWiring {
  /** One per replica. */
  readonly gatekeeperPorts: readonly number[];
  readonly scopeManagementPort: number;
  /** By which gatekeeper pulls from its owner. */
  readonly sync: { readonly clientId: string; readonly clientSecret: string };
}

export interface PlatformEnvironments {
  readonly scopeManagement: Variables;
  /** One per replica, which differ in their ports. */
  readonly gatekeepers: readonly Variables[];
  /** Of the operator's command. */
  readonly admin: Variables;
}

/** All that each process gets to see of the environment: nothing is inherited from the starter's. */
export function platformEnvironments(
  stack: LocalStack,
  { gatekeeperPorts, scopeManagementPort, sync }: PlatformWiring,
): PlatformEnvironments {
  const { databases, amqpUrl, issuer, state } = stack;
  const shared = {
    ...(amqpUrl !== undefined && { AMQP_URL: amqpUrl }),
    OIDC_ISSUER: issuer,
    OIDC_AUDIENCE: AUDIENCE,
    SERVICE_ACCOUNT_ISSUER: localUrl(scopeManagementPort),
    CONSISTENCY_TOKEN_KEYS: state.secret('consistency-token-key'),
    GRAPHQL_INTROSPECTION: 'true',
    GRAPHQL_EXPLORER: 'true',
    // On one machine nobody needs longer to find out.
    SHUTDOWN_DRAIN_MS: '200',
    SERVICE_SUBJECTS: sync.clientId,
  };
  const syncClient = { SYNC_CLIENT_ID: sync.clientId, SYNC_CLIENT_SECRET: sync.clientSecret };
  const scopeManagement = {
    ...shared,
    NSM_PORT: String(scopeManagementPort),
    SERVICE_ACCOUNT_SIGNING_KEYS: signingKeysOf(stack),
    DATABASE_URL: databases.scopeManagement.scope_management_app,
    DATABASE_URL_RELAY: databases.scopeManagement.scope_management_relay,
    DATABASE_URL_HEADS: databases.scopeManagement.scope_management_heads,
  };
  const gatekeeper = {
    ...shared,
    ...syncClient,
    DATABASE_URL: databases.gatekeeper.gatekeeper_app,
    DATABASE_URL_PROJECTOR: databases.gatekeeper.gatekeeper_projector,
    SYNC_OWNER_URL: localUrl(scopeManagementPort),
  };
  return {
    scopeManagement,
    gatekeepers: gatekeeperPorts.map((port) => ({ ...gatekeeper, GATEKEEPER_PORT: String(port) })),
    admin: {
      ...scopeManagement,
      ...syncClient,
      GATEKEEPER_URLS: gatekeeperPorts.map(localUrl).join(','),
    },
  };
}

/** Where a service of the platform listens. */
export function localUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}
