import {
  changesResponseV1,
  headsResponseV1,
  readTenantFacts,
  snapshotResponseV1,
  SYNC_ADDITIONS,
  type AccessAppliedV1,
  type ChangesResponseV1,
  type HeadsResponseV1,
  type SnapshotResponseV1,
  type TenantFactsV1,
} from '@bastion/contracts';
import { z, type ZodType } from 'zod';
import { inSlices } from '../scheduling/in-slices.js';
import { askAsService } from './ask-as-service.js';
import type { ClientCredentialsTokens } from './client-credentials-tokens.js';
import { SyncInvalidAnswerError } from './sync-errors.js';

const unreadSnapshotV1 = snapshotResponseV1.extend({ facts: z.unknown() });

export interface SyncClientOptions {
  /** The owner's address, without `/sync/v1`. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
  /** A large tenant's facts take longer than anything else. */
  readonly snapshotTimeoutMs: number;
  /** A replica that may answer from what it is told, for how long; the owner remembers it. */
  readonly asker?: { readonly consumerId: string; readonly leaseMs: number };
}

/** A revision, and the name of the history that leads up to it. */
interface HistoryPointV1 {
  readonly epoch: number;
  readonly revision: number;
  readonly digest: string;
}

/**
 * Pulls from the owner what a consumer repairs itself with. An answer is used only if it is exactly
 * what was asked for: the right tenants, and changes without a gap.
 *
 * Every method throws SyncUnavailableError, SyncRefusedError or SyncInvalidAnswerError.
 */
export class SyncClient {
  constructor(
    private readonly options: SyncClientOptions,
    private readonly tokens: Pick<ClientCredentialsTokens, 'accessToken' | 'discard'>,
  ) {}

  /**
   * How far the named tenants are at the owner, or all of them; one that is missing does not exist.
   * `applied` says in the same round trip how far the asker is.
   */
  async heads(tenantIds?: readonly string[], applied?: AccessAppliedV1): Promise<HeadsResponseV1> {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tenantIds, applied }),
    };
    const { heads, now } = await this.#ask(headsResponseV1, 'heads', init, this.options.timeoutMs);
    const answered = new Set(heads.map((head) => head.tenantId));
    if (answered.size !== heads.length) throw new SyncInvalidAnswerError('a tenant has two heads');
    const asked = tenantIds && new Set(tenantIds);
    if (asked && heads.some((head) => !asked.has(head.tenantId))) throw foreignTenant();
    return { heads, now };
  }

  /** At most `limit` change sets after a revision, in order and each continuing the one before. */
  async changes(
    tenantId: string,
    { epoch, revision: after, digest }: HistoryPointV1,
    limit: number,
  ): Promise<ChangesResponseV1> {
    const asked = { epoch: String(epoch), after: String(after), digest, limit: String(limit) };
    const query = new URLSearchParams({ ...asked, ...this.#asker }).toString();
    const path = `tenants/${encodeURIComponent(tenantId)}/changes?${query}`;
    const answer = await this.#ask(changesResponseV1, path, {}, this.options.timeoutMs);
    if (answer.head.tenantId !== tenantId) throw foreignTenant();
    if (answer.kind === 'RANGE') {
      answer.changes.forEach((change, index) => {
        if (change.tenantId !== tenantId) throw foreignTenant();
        if (change.epoch !== epoch || change.revision !== after + 1 + index) {
          throw new SyncInvalidAnswerError('the range of changes has a gap');
        }
        const before = answer.changes[index - 1];
        if (before && change.previousDigest !== before.digest) {
          throw new SyncInvalidAnswerError('the range of changes is not one history');
        }
      });
    }
    return answer;
  }

  /** All facts of a tenant as of one revision. */
  async snapshot(tenantId: string): Promise<SnapshotResponseV1> {
    const query = new URLSearchParams(this.#asker).toString();
    const path = `tenants/${encodeURIComponent(tenantId)}/snapshot${query && `?${query}`}`;
    const answer = await this.#ask(unreadSnapshotV1, path, {}, this.options.snapshotTimeoutMs);
    const { head } = answer;
    if (head.tenantId !== tenantId) throw foreignTenant();
    return { head, facts: await readInSlices(answer.facts) };
  }

  get #asker(): Record<string, string> {
    const { asker } = this.options;
    const reads = SYNC_ADDITIONS.join(',');
    return asker
      ? { consumer: asker.consumerId, leaseMs: String(asker.leaseMs), reads }
      : { reads };
  }

  async #ask<T>(
    schema: ZodType<T>,
    path: string,
    init: RequestInit,
    timeoutMs: number,
  ): Promise<T> {
    const url = `${this.options.baseUrl.replace(/\/$/, '')}/sync/v1/${path}`;
    return askAsService(this.tokens, { schema, url, init, timeoutMs });
  }
}

/** A large tenant's facts are read while other requests go on. */
async function readInSlices(facts: unknown): Promise<TenantFactsV1> {
  try {
    return await inSlices(readTenantFacts(facts));
  } catch (cause) {
    throw new SyncInvalidAnswerError('the facts of a snapshot broke the contract', { cause });
  }
}

function foreignTenant(): SyncInvalidAnswerError {
  // INVARIANT: nothing of another tenant is ever taken, whoever sends it.
  return new SyncInvalidAnswerError('the answer is about another tenant than the one asked for');
}
