import {
  changesResponseV1,
  headsResponseV1,
  snapshotResponseV1,
  type ChangesResponseV1,
  type HeadV1,
  type SnapshotResponseV1,
} from '@bastion/contracts';
import type { ZodType } from 'zod';
import type { ClientCredentialsTokens } from './client-credentials-tokens.js';
import { exchange, readAnswer } from './exchange.js';
import { SyncInvalidAnswerError } from './sync-errors.js';

export interface SyncClientOptions {
  /** The owner's address, without `/sync/v1`. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
  /** A large tenant's facts take longer than anything else. */
  readonly snapshotTimeoutMs: number;
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

  /** How far the named tenants are at the owner, or all of them; one that is missing does not exist. */
  async heads(tenantIds?: readonly string[]): Promise<readonly HeadV1[]> {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tenantIds }),
    };
    const { heads } = await this.#ask(headsResponseV1, 'heads', init, this.options.timeoutMs);
    const answered = new Set(heads.map((head) => head.tenantId));
    if (answered.size !== heads.length) throw new SyncInvalidAnswerError('a tenant has two heads');
    const asked = tenantIds && new Set(tenantIds);
    if (asked && heads.some((head) => !asked.has(head.tenantId))) throw foreignTenant();
    return heads;
  }

  /** At most `limit` change sets of `epoch` after revision `after`, in order; or GONE. */
  async changes(
    tenantId: string,
    epoch: number,
    after: number,
    limit: number,
  ): Promise<ChangesResponseV1> {
    const query = `epoch=${epoch}&after=${after}&limit=${limit}`;
    const path = `tenants/${encodeURIComponent(tenantId)}/changes?${query}`;
    const answer = await this.#ask(changesResponseV1, path, {}, this.options.timeoutMs);
    if (answer.head.tenantId !== tenantId) throw foreignTenant();
    if (answer.kind === 'RANGE') {
      answer.changes.forEach((change, index) => {
        if (change.tenantId !== tenantId) throw foreignTenant();
        if (change.epoch !== epoch || change.revision !== after + 1 + index) {
          throw new SyncInvalidAnswerError('the range of changes has a gap');
        }
      });
    }
    return answer;
  }

  /** All facts of a tenant as of one revision. */
  async snapshot(tenantId: string): Promise<SnapshotResponseV1> {
    const path = `tenants/${encodeURIComponent(tenantId)}/snapshot`;
    const answer = await this.#ask(snapshotResponseV1, path, {}, this.options.snapshotTimeoutMs);
    if (answer.head.tenantId !== tenantId) throw foreignTenant();
    return answer;
  }

  async #ask<T>(
    schema: ZodType<T>,
    path: string,
    init: RequestInit,
    timeoutMs: number,
  ): Promise<T> {
    const url = `${this.options.baseUrl.replace(/\/$/, '')}/sync/v1/${path}`;
    const send = (token: string) => {
      const headers = { ...init.headers, authorization: `Bearer ${token}` };
      return exchange(url, { ...init, headers }, timeoutMs);
    };
    const token = await this.tokens.accessToken();
    let answer = await send(token);
    if (answer.status === 401) {
      // Expired by the owner's clock, or signed with a key that is retired: one new token may help.
      this.tokens.discard(token);
      answer = await send(await this.tokens.accessToken());
    }
    return readAnswer(schema, answer, url);
  }
}

function foreignTenant(): SyncInvalidAnswerError {
  // INVARIANT: nothing of another tenant is ever taken, whoever sends it.
  return new SyncInvalidAnswerError('the answer is about another tenant than the one asked for');
}
