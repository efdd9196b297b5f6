import { applyEvents, buildSnapshot, type TenantFacts } from '@bastion/policy';
import { ACTIVE_TENANT } from '@bastion/testing';
import {
  comparePositions,
  type Changes,
  type Head,
  type HistoryPoint,
} from '../../src/owner/index.js';
import type { Projection } from '../../src/projection/projection.repairer.js';
import type { Bar } from '../../src/projection/snapshot.holder.js';

interface StoredState {
  readonly position: HistoryPoint;
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
      const matches = present
        ? from !== null &&
          comparePositions(from, present.position) === 0 &&
          from.digest === present.position.digest
        : from === null;
      if (!last || !matches) return { appended: false, position: present?.position ?? null };
      const before = present?.facts ?? emptyFacts();
      const facts = applyEvents(
        buildSnapshot(before),
        changes.flatMap(({ events }) => events),
      ).facts();
      const { epoch, revision, digest } = last;
      const position = { epoch, revision, digest };
      this.#tenants.set(tenantId, { position, facts });
      this.ranges.push(changes.length);
      return { appended: true, position };
    });
  }

  replace(tenantId: string, head: Head, facts: TenantFacts): Promise<HistoryPoint> {
    return this.#transaction(() => {
      const present = this.#tenants.get(tenantId)?.position ?? null;
      if (present && comparePositions(present, head) > 0) return present;
      const { epoch, revision, digest } = head;
      const position = { epoch, revision, digest };
      this.#tenants.set(tenantId, { position, facts });
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
    roles: [],
    assignments: [],
  };
}
