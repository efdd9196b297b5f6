import {
  SyncInvalidAnswerError,
  SyncRefusedError,
  type SyncClient,
} from '@bastion/platform/sync-client';
import type { TenantFacts } from '@bastion/policy';
import type { ChangeSet } from './change-set.js';
import type { Position } from './position.js';
import { changeSetOf, factsOf } from './to-domain.js';

/** How far a tenant is at the owner. */
export interface Head extends Position {
  readonly tenantId: string;
}

/**
 * RANGE: what follows a position, in order and without a gap; more may follow.
 * UNUSABLE: the range is no longer kept, or is not understood here; a snapshot is the way.
 */
export type OwnerChanges =
  | { readonly kind: 'RANGE'; readonly head: Head; readonly changes: readonly ChangeSet[] }
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

  /** Of the named tenants, or of all; one that is missing does not exist. */
  heads(tenantIds?: readonly string[]): Promise<readonly Head[]> {
    return this.sync.heads.heads(tenantIds);
  }

  /** At most `limit` change sets that follow `after`. */
  async changes(tenantId: string, after: Position, limit: number): Promise<OwnerChanges> {
    try {
      const answer = await this.sync.pulls.changes(tenantId, after.epoch, after.revision, limit);
      if (answer.kind === 'GONE') return { kind: 'UNUSABLE' };
      return { kind: 'RANGE', head: answer.head, changes: answer.changes.map(changeSetOf) };
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
