import { applyEvents, buildSnapshot, type TenantFacts } from '@bastion/policy';
import { ACTIVE_TENANT } from '@bastion/testing';
import {
  comparePositions,
  isSamePoint,
  type Changes,
  type Head,
  type HistoryPoint,
} from '../../src/owner/index.js';
import type { Projection } from '../../src/projection/projection.repairer.js';
import type { Bar } from '../../src/projection/snapshot.holder.js';
import type { StoredTenant } from '../../src/projection/snapshot.refresher.js';

interface StoredState {
  readonly position: HistoryPoint;
  /** As the owner said. */
  readonly factsDigest: string | null;
  readonly facts: TenantFacts;
}

/** The projection without a database, under the same rules as its rows. */
export class MemoryProjection implements Projection {
  /**
   * Makes every transaction fail: BEFORE, with nothing written; AFTER, committed with the answer lost.
   */
  failing: 'BEFORE' | 'AFTER' | undefined;
  /** Awaited in the middle of every transaction. */
  beforeCommit: () => Promise<void> = () => Promise.resolve();
  /** Sizes of the ranges appended, in order. */
  readonly ranges: number[] = [];

  readonly #tenants = new Map<string, StoredState>();
  readonly #bars = new Map<string, Bar>();

  stateOf(tenantId: string): StoredState | undefined {
    return this.#tenants.get(tenantId);
  }

  /** As somebody does who edits a row by hand. */
  edit(tenantId: string, edit: (facts: TenantFacts) => TenantFacts): void {
    const state = this.#tenants.get(tenantId);
    if (state) this.#tenants.set(tenantId, { ...state, facts: edit(state.facts) });
  }

  /** What a replica reads of it. */
  stored(tenantId: string): Promise<StoredTenant | undefined> {
    return this.#transaction(() => {
      const state = this.#tenants.get(tenantId);
      return state && { ...state, point: state.position };
    });
  }

  barOf(tenantId: string): Bar | undefined {
    return this.#bars.get(tenantId);
  }

  bar(tenantId: string, bar: Bar | null): Promise<void> {
    return this.#transaction(() => {
      if (bar) this.#bars.set(tenantId, bar);
      else this.#bars.delete(tenantId);
    });
  }

  position(tenantId: string): Promise<HistoryPoint | null> {
    return this.#transaction(() => this.#tenants.get(tenantId)?.position ?? null);
  }

  append(tenantId: string, from: HistoryPoint | null, changes: readonly Changes[]) {
    return this.#transaction(() => {
      const present = this.#tenants.get(tenantId);
      const last = changes.at(-1);
      const matches = present ? isSamePoint(from, present.position) : from === null;
      if (!last || !matches) return { appended: false, position: present?.position ?? null };
      const before = present?.facts ?? emptyFacts();
      const facts = applyEvents(
        buildSnapshot(before),
        changes.flatMap(({ events }) => events),
      ).facts();
      const { epoch, revision, digest, factsDigest } = last;
      const position = { epoch, revision, digest };
      this.#tenants.set(tenantId, { position, factsDigest, facts });
      this.ranges.push(changes.length);
      return { appended: true, position };
    });
  }

  replace(
    tenantId: string,
    from: HistoryPoint | null,
    head: Head,
    facts: TenantFacts,
  ): Promise<HistoryPoint> {
    return this.#transaction(() => {
      const present = this.#tenants.get(tenantId)?.position ?? null;
      const isThere = present === null || isSamePoint(present, from);
      if (present && (!isThere || comparePositions(present, head) > 0)) return present;
      const { epoch, revision, digest, factsDigest } = head;
      const position = { epoch, revision, digest };
      this.#tenants.set(tenantId, { position, factsDigest, facts });
      this.#bars.delete(tenantId);
      return position;
    });
  }

  async #transaction<T>(commit: () => T): Promise<T> {
    await this.beforeCommit();
    if (this.failing === 'BEFORE') throw new Error('the database cannot be reached');
    const result = commit();
    if (this.failing === 'AFTER') throw new Error('the connection was lost');
    return result;
  }
}

function emptyFacts(): TenantFacts {
  return {
    tenant: ACTIVE_TENANT,
    principals: [],
    groups: [],
    memberships: [],
    scopes: [],
    resources: [],
    roles: [],
    assignments: [],
  };
}
