import { buildSnapshot, type Snapshot } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { readTenantFacts, type TenantPosition } from './tenant-facts.store.js';

export interface PositionedSnapshot extends TenantPosition {
  readonly snapshot: Snapshot;
}

/** More tenants than this are never in memory at once; the longest unused goes first. */
const MAX_TENANTS = 1_000;

/**
 * The tenants' committed facts in memory. A cached snapshot is used only when it stands exactly at
 * the position that the database names, so a stale one costs time and never a wrong decision.
 */
export class TenantSnapshots {
  private readonly byTenant = new Map<string, PositionedSnapshot>();

  /** The snapshot at the position of the tenant's counter as this transaction sees it. */
  async at(
    tx: TenantTransaction,
    tenantId: string,
    position: TenantPosition,
  ): Promise<PositionedSnapshot | null> {
    const cached = this.byTenant.get(tenantId);
    if (cached && cached.epoch === position.epoch && cached.revision === position.revision) {
      this.keep(tenantId, cached);
      return cached;
    }
    const read = await readTenantFacts(tx);
    if (!read) return null;
    const { epoch, revision, facts } = read;
    const loaded = { epoch, revision, snapshot: buildSnapshot(facts) };
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

function isNewer(a: TenantPosition, b: TenantPosition): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.revision > b.revision);
}
