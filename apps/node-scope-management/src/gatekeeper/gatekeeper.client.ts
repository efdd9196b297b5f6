import {
  digestResponseV1,
  replicaStatusV1,
  resyncResponseV1,
  witnessFactsV1,
  witnessHistoryV1,
  witnessV1,
  type DigestResponseV1,
  type HistoryPointV1,
  type ReplicaStatusV1,
  type ReplicaTenantV1,
  type WitnessedRevisionV1,
  type WitnessFactsV1,
  type WitnessV1,
} from '@bastion/contracts';
import { ApiError, factsFromWire } from '@bastion/platform';
import {
  askAsService,
  type ClientCredentialsTokens,
  SyncRefusedError,
  SyncUnavailableError,
} from '@bastion/platform/sync-client';
import type { TenantFacts } from '@bastion/policy';
import type { ZodType } from 'zod';

const TIMEOUT_MS = 10_000;
/** Large tenants: all their facts are counted, sent, or taken anew. */
const LONG_TIMEOUT_MS = 120_000;

/** All facts at a point that somebody is the witness of, in the terms of the domain. */
export interface WitnessedFacts extends Omit<WitnessFactsV1, 'facts'> {
  readonly facts: TenantFacts;
}

/**
 * One replica of gatekeeper, as operators ask it. Every method throws an ApiError: UNAVAILABLE while
 * it cannot be reached or is not understood, FORBIDDEN when it does not let this client in. null:
 * it does not know the tenant.
 */
export class GatekeeperClient {
  constructor(
    /** Its address; also what operators call it. */
    readonly url: string,
    private readonly tokens: Pick<ClientCredentialsTokens, 'accessToken' | 'discard'>,
  ) {}

  async status(tenantId?: string): Promise<ReplicaStatusV1> {
    const query = tenantId === undefined ? '' : `?${new URLSearchParams({ tenantId }).toString()}`;
    return orThrow(await this.ask(replicaStatusV1, `status${query}`, TIMEOUT_MS), this.url);
  }

  resync(tenantId: string): Promise<ReplicaTenantV1 | null> {
    const path = `${ofTenant(tenantId)}/resync`;
    return this.ask(resyncResponseV1, path, LONG_TIMEOUT_MS, { method: 'POST' });
  }

  async digest(tenantId: string): Promise<DigestResponseV1> {
    const path = `${ofTenant(tenantId)}/digest`;
    return orThrow(await this.ask(digestResponseV1, path, LONG_TIMEOUT_MS), this.url);
  }

  witness(tenantId: string): Promise<WitnessV1 | null> {
    return this.ask(witnessV1, `${ofTenant(tenantId)}/witness`, TIMEOUT_MS);
  }

  async witnessFacts(tenantId: string): Promise<WitnessedFacts | null> {
    const path = `${ofTenant(tenantId)}/witness/facts`;
    const answer = await this.ask(witnessFactsV1, path, LONG_TIMEOUT_MS);
    return answer && { ...answer, facts: factsFromWire(answer.facts) };
  }

  /** A page of the history that leads up to a point, it included: the latest revision first. */
  async witnessHistory(
    tenantId: string,
    { epoch, revision }: Pick<HistoryPointV1, 'epoch' | 'revision'>,
  ): Promise<readonly WitnessedRevisionV1[]> {
    const query = new URLSearchParams({ epoch: String(epoch), before: String(revision + 1) });
    const path = `${ofTenant(tenantId)}/witness/history?${query.toString()}`;
    return orThrow(await this.ask(witnessHistoryV1, path, LONG_TIMEOUT_MS), this.url).revisions;
  }

  private async ask<T>(
    schema: ZodType<T>,
    path: string,
    timeoutMs: number,
    init?: RequestInit,
  ): Promise<T | null> {
    const url = `${this.url}/sync/v1/${path}`;
    try {
      return await askAsService(this.tokens, { schema, url, timeoutMs, ...(init && { init }) });
    } catch (error) {
      if (error instanceof SyncRefusedError && error.status === 404) return null;
      throw toApiError(error);
    }
  }
}

function ofTenant(tenantId: string): string {
  return `tenants/${encodeURIComponent(tenantId)}`;
}

function orThrow<T>(answer: T | null, url: string): T {
  if (answer !== null) return answer;
  throw new ApiError(
    'UNAVAILABLE',
    `${url} has no such endpoint: is it gatekeeper, and up to date?`,
  );
}

function toApiError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const cause = { cause: error };
  if (error instanceof SyncUnavailableError) {
    return new ApiError('UNAVAILABLE', error.message, undefined, cause);
  }
  if (error instanceof SyncRefusedError) {
    const isForbidden = error.status === 401 || error.status === 403;
    return isForbidden
      ? new ApiError(
          'FORBIDDEN',
          `${error.message}: the subject of SYNC_CLIENT_ID must be among its SERVICE_SUBJECTS.`,
          undefined,
          cause,
        )
      : new ApiError('UNAVAILABLE', error.message, undefined, cause);
  }
  return new ApiError('UNAVAILABLE', `gatekeeper is not understood: ${error.message}`, {}, cause);
}
