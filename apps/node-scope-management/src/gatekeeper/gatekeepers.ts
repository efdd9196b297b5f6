import { Injectable } from '@nestjs/common';
import { ClientCredentialsTokens } from '@bastion/platform/sync-client';
import { gatekeeperAccessConfig } from '../config/gatekeeper-access.config.js';
import { GatekeeperClient } from './gatekeeper.client.js';

const TOKEN_TIMEOUT_MS = 5_000;

/** Every replica of gatekeeper that is configured. */
@Injectable()
export class Gatekeepers {
  private clients: readonly GatekeeperClient[] | undefined;

  /** Throws ConfigError where the environment does not say where they are: few commands need them. */
  all(): readonly GatekeeperClient[] {
    this.clients ??= connect();
    return this.clients;
  }
}

function connect(): GatekeeperClient[] {
  const { urls, issuer, clientId, clientSecret, tokenEndpoint, tokenResource } =
    gatekeeperAccessConfig();
  const tokens = new ClientCredentialsTokens({
    provider: tokenEndpoint === undefined ? { issuer } : { tokenEndpoint },
    clientId,
    clientSecret,
    parameters: tokenResource === undefined ? {} : { resource: tokenResource },
    timeoutMs: TOKEN_TIMEOUT_MS,
  });
  return urls.map((url) => new GatekeeperClient(url, tokens));
}
