import { buildSnapshot, type Snapshot } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { readTenantFacts, type TenantPoint, type TenantPosition } from './tenant-facts.store.js';

export interface PositionedSnapshot extends TenantPoint {
  readonly snapshot: Snapshot;
}

/** More tenants than this are never in memory at once; the longest unused goes first. */
const MAX_TENANTS = 1_000;

/**
 * The tenants' committed facts in memory. A cached snapshot is used only when it stands exactly at
 * the point that the database names, so a stale one costs time and never a wrong decision.
 */
export class TenantSnapshots {
  private readonly byTenant = new Map<string, PositionedSnapshot>();

  /** The snapshot at the point of the tenant's counter as this transaction sees it. */
  async at(
    tx: TenantTransaction,
    tenantId: string,
    point: TenantPoint,
  ): Promise<PositionedSnapshot | null> {
    const cached = this.byTenant.get(tenantId);
    if (cached && isSamePoint(cached, point)) {
      this.keep(tenantId, cached);
      return cached;
    }
    const read = await readTenantFacts(tx);
    if (!read) return null;
    const { epoch, revision, historyDigest, facts } = read;
    const loaded = { epoch, revision, historyDigest, snapshot: buildSnapshot(facts) };
    this.keep(tenantId, loaded);
    return loaded;
  }

  /** Call only with what has been committed. A reader's older one never displaces a newer one. */
  keep(tenantId: string, snapshot: PositionedSnapshot): void {
    const cached = this.byTenant.get(tenantId);
    this.byTenant.delete(tenantId);
    this.byTenant.set(tenantId, cached && isNewer(cached, snapshot) ? cached : snapshot);
    if (this.byTenant.size > MAX_TENANTS) {
      const [longestUnused] = this.byTenant.keys();
      if (longestUnused !== undefined) this.byTenant.delete(longestUnused);
    }
  }
}

/**
 * INVARIANT: the same history too. A database that was restored under a running process comes to the
 * revisions that it had before a second time, with other facts.
 */
function isSamePoint(a: TenantPoint, b: TenantPoint): boolean {
  return a.epoch === b.epoch && a.revision === b.revision && a.historyDigest === b.historyDigest;
}

function isNewer(a: TenantPosition, b: TenantPosition): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.revision > b.revision);
}
