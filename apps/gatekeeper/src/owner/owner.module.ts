import { ClientCredentialsTokens, SyncClient } from '@bastion/platform/sync-client';
import { Module, type DynamicModule } from '@nestjs/common';
import type { SyncConfig } from '../config/sync.config.js';
import { OwnerClient } from './owner.client.js';

const TOKEN_TIMEOUT_MS = 5_000;
const CHANGES_TIMEOUT_MS = 10_000;
const SNAPSHOT_TIMEOUT_MS = 60_000;

/** How the owner of the facts is reached. */
@Module({})
export class OwnerModule {
  /** `replicaId` names this process to the owner, which remembers until when it may answer. */
  static forRoot(sync: SyncConfig, issuer: string, replicaId: string): DynamicModule {
    return {
      module: OwnerModule,
      providers: [{ provide: OwnerClient, useFactory: () => ownerClient(sync, issuer, replicaId) }],
      exports: [OwnerClient],
    };
  }
}

function ownerClient(sync: SyncConfig, issuer: string, replicaId: string): OwnerClient {
  const { tokenEndpoint, tokenResource } = sync;
  const tokens = new ClientCredentialsTokens({
    provider: tokenEndpoint === undefined ? { issuer } : { tokenEndpoint },
    clientId: sync.clientId,
    clientSecret: sync.clientSecret,
    parameters: tokenResource === undefined ? {} : { resource: tokenResource },
    timeoutMs: TOKEN_TIMEOUT_MS,
  });
  const addressed = {
    baseUrl: sync.ownerUrl,
    snapshotTimeoutMs: SNAPSHOT_TIMEOUT_MS,
    asker: { consumerId: replicaId, leaseMs: sync.leaseMs },
  };
  return new OwnerClient({
    // A head that comes late earns little of the lease: rather ask again.
    heads: new SyncClient({ ...addressed, timeoutMs: sync.leaseMs / 2 }, tokens),
    pulls: new SyncClient({ ...addressed, timeoutMs: CHANGES_TIMEOUT_MS }, tokens),
  });
}
