import { applyEvents, buildSnapshot, type TenantFacts } from '@bastion/policy';
import { hasReached, type Changes, type Position } from '../../src/owner/index.js';
import type { Projection } from '../../src/projection/projection.repairer.js';

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

  readonly #tenants = new Map<string, { position: Position; facts: TenantFacts }>();

  stateOf(tenantId: string): { position: Position; facts: TenantFacts } | undefined {
    return this.#tenants.get(tenantId);
  }

  position(tenantId: string): Promise<Position | null> {
    return this.#transaction(() => this.#tenants.get(tenantId)?.position ?? null);
  }

  append(tenantId: string, from: Position | null, changes: readonly Changes[]) {
    return this.#transaction(() => {
      const present = this.#tenants.get(tenantId);
      const last = changes.at(-1);
      const matches = present
        ? from?.epoch === present.position.epoch && from.revision === present.position.revision
        : from === null;
      if (!last || !matches) return { appended: false, position: present?.position ?? null };
      const before = present?.facts ?? emptyFacts();
      const facts = applyEvents(
        buildSnapshot(before),
        changes.flatMap(({ events }) => events),
      ).facts();
      const position = { epoch: last.epoch, revision: last.revision };
      this.#tenants.set(tenantId, { position, facts });
      this.ranges.push(changes.length);
      return { appended: true, position };
    });
  }

  replace(tenantId: string, head: Position, facts: TenantFacts): Promise<Position> {
    return this.#transaction(() => {
      const present = this.#tenants.get(tenantId)?.position ?? null;
      if (present && hasReached(present, head)) return present;
      const position = { epoch: head.epoch, revision: head.revision };
      this.#tenants.set(tenantId, { position, facts });
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
    tenant: { status: 'ACTIVE' },
    principals: [],
    groups: [],
    memberships: [],
    scopes: [],
    roles: [],
    assignments: [],
  };
}
