import { AUDIENCE, type LocalStack } from '@bastion/local-stack';

export interface PlatformWiring {
  readonly gatekeeperPort: number;
  readonly scopeManagementPort: number;
  /** By which gatekeeper pulls from its owner. */
  readonly sync: { readonly clientId: string; readonly clientSecret: string };
}

export interface PlatformEnvironments {
  readonly scopeManagement: Record<string, string>;
  readonly gatekeeper: Record<string, string>;
}

/** All that each service gets to see of the environment: nothing is inherited from the starter's. */
export function platformEnvironments(
  stack: LocalStack,
  { gatekeeperPort, scopeManagementPort, sync }: PlatformWiring,
): PlatformEnvironments {
  const { databases, amqpUrl, issuer, state } = stack;
  const shared = {
    AMQP_URL: amqpUrl,
    OIDC_ISSUER: issuer,
    OIDC_AUDIENCE: AUDIENCE,
    CONSISTENCY_TOKEN_KEYS: state.secret('consistency-token-key'),
    GRAPHQL_INTROSPECTION: 'true',
  };
  return {
    scopeManagement: {
      ...shared,
      NSM_PORT: String(scopeManagementPort),
      DATABASE_URL: databases.scopeManagement.scope_management_app,
      DATABASE_URL_RELAY: databases.scopeManagement.scope_management_relay,
      DATABASE_URL_HEADS: databases.scopeManagement.scope_management_heads,
      SERVICE_SUBJECTS: sync.clientId,
    },
    gatekeeper: {
      ...shared,
      GATEKEEPER_PORT: String(gatekeeperPort),
      DATABASE_URL: databases.gatekeeper.gatekeeper_app,
      DATABASE_URL_PROJECTOR: databases.gatekeeper.gatekeeper_projector,
      SYNC_OWNER_URL: `http://127.0.0.1:${scopeManagementPort}`,
      SYNC_CLIENT_ID: sync.clientId,
      SYNC_CLIENT_SECRET: sync.clientSecret,
    },
  };
}
