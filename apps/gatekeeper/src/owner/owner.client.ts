import type { AccessAppliedV1 } from '@bastion/contracts';
import {
  SyncInvalidAnswerError,
  SyncRefusedError,
  type SyncClient,
} from '@bastion/platform/sync-client';
import type { TenantFacts } from '@bastion/policy';
import type { ChangeSet } from './change-set.js';
import type { Head } from './history.js';
import type { HistoryPoint } from './position.js';
import { changeSetOf, factsOf } from './to-domain.js';

/** How far tenants are at the owner, and what its clock said. */
export interface Heads {
  readonly heads: readonly Head[];
  /** Epoch milliseconds, taken while it answered; null: it does not say. */
  readonly now: number | null;
}

/**
 * RANGE: what follows a point, in order and without a gap; more may follow.
 * GONE: the range is no longer kept, or its epoch is over. FORKED: the point is not one of the owner's
 * history. UNUSABLE: the answer is not understood here; a snapshot may be.
 */
export type OwnerChanges =
  | { readonly kind: 'RANGE'; readonly head: Head; readonly changes: readonly ChangeSet[] }
  | { readonly kind: 'GONE' | 'FORKED'; readonly head: Head }
  | { readonly kind: 'UNUSABLE' }
  | { readonly kind: 'NO_TENANT' };

/** All facts of a tenant at `head`; undefined: the owner does not know the tenant. */
export type OwnerSnapshot = { readonly head: Head; readonly facts: TenantFacts } | undefined;

/**
 * The owner of the facts, asked directly: its answers are the truth, messages only come sooner.
 * Every method throws one of the sync client's errors while the owner cannot be asked.
 */
export class OwnerClient {
  constructor(
    private readonly sync: {
      readonly heads: Pick<SyncClient, 'heads'>;
      readonly pulls: Pick<SyncClient, 'changes' | 'snapshot'>;
    },
  ) {}

  /**
   * Of the named tenants, or of all; one that is missing does not exist. `applied` tells the owner
   * in the same round trip how far the asker is.
   */
  heads(tenantIds?: readonly string[], applied?: AccessAppliedV1): Promise<Heads> {
    return this.sync.heads.heads(tenantIds, applied);
  }

  /** At most `limit` change sets that follow `after`. */
  async changes(tenantId: string, after: HistoryPoint, limit: number): Promise<OwnerChanges> {
    try {
      const answer = await this.sync.pulls.changes(tenantId, after, limit);
      if (answer.kind !== 'RANGE') return answer;
      return { ...answer, changes: answer.changes.map(changeSetOf) };
    } catch (error) {
      if (isUnknownTenant(error)) return { kind: 'NO_TENANT' };
      if (error instanceof SyncInvalidAnswerError) return { kind: 'UNUSABLE' };
      throw error;
    }
  }

  async snapshot(tenantId: string): Promise<OwnerSnapshot> {
    try {
      const { head, facts } = await this.sync.pulls.snapshot(tenantId);
      return { head, facts: factsOf(facts) };
    } catch (error) {
      if (isUnknownTenant(error)) return undefined;
      throw error;
    }
  }
}

/** What the machines that follow the owner need of it. */
export type Owner = Pick<OwnerClient, 'heads' | 'changes' | 'snapshot'>;

function isUnknownTenant(error: unknown): boolean {
  return error instanceof SyncRefusedError && error.status === 404;
}
