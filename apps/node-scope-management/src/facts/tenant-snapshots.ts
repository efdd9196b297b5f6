import { Injectable } from '@nestjs/common';
import { ApiError, inSlices } from '@bastion/platform';
import { buildSnapshotSteps } from '@bastion/policy';
import { AppDatabase, type TenantTransaction } from '../database/app-database.js';
import { followChanges, type PositionedSnapshot } from './follow-changes.js';
import { readChangesBetween } from './changes-between.store.js';
import { loadTenantFacts, type TenantPoint } from './tenant-facts.store.js';

/** More tenants than this are never in memory at once; the longest unused goes first. */
const MAX_TENANTS = 1_000;

/** As many revisions as are followed one by one; further behind, all facts are read instead. */
const MAX_REVISIONS = 2_000;

/** How often somebody begins again before it is given up. */
const ATTEMPTS = 6;

/** As often nothing is read where the facts in memory are only newer than what somebody saw. */
const ATTEMPTS_AT_LEISURE = 3;

/** What a transaction needs is not in memory, and too much to be read inside of it. */
class SnapshotMissing extends Error {
  override readonly name = 'SnapshotMissing';

  constructor(
    tenantId: string,
    /** What is in memory is newer: a write was committed since, or the database restored. */
    readonly isOvertaken: boolean,
  ) {
    super(tenantId);
  }
}

/**
 * The tenants' committed facts in memory. A snapshot is used only when it stands exactly at the point
 * that the database names, so a stale one costs time and never a wrong decision: what other processes
 * have written meanwhile it follows by their messages, and nothing is read that has not changed.
 */
@Injectable()
export class TenantSnapshots {
  private readonly byTenant = new Map<string, PositionedSnapshot>();
  private readonly loads = new Map<string, Promise<void>>();

  constructor(private readonly database: AppDatabase) {}

  /**
   * Does what asks for a tenant's snapshot by {@link at}, and does it again once the facts are in
   * memory. They are read outside of `run`: however large the tenant, no lock is held meanwhile.
   */
  async having<T>(tenantId: string, run: () => Promise<T>): Promise<T> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      try {
        return await run();
      } catch (error) {
        if (!(error instanceof SnapshotMissing)) throw error;
        if (error.isOvertaken && attempt <= ATTEMPTS_AT_LEISURE) continue;
      }
      await this.load(tenantId);
    }
    throw new ApiError('UNAVAILABLE', 'The tenant changes faster than it can be read.');
  }

  /**
   * The snapshot at the point of the tenant's counter as this transaction sees it; only inside of
   * {@link having}, which hears of it when there is none.
   */
  async at(
    tx: TenantTransaction,
    tenantId: string,
    point: TenantPoint,
  ): Promise<PositionedSnapshot> {
    const kept = this.byTenant.get(tenantId);
    const found = kept && (await follow(tx, kept, point));
    if (!found) throw new SnapshotMissing(tenantId, kept !== undefined && isNewer(kept, point));
    this.keep(tenantId, found);
    return found;
  }

  /** Call only with what has been committed. A reader's older one never displaces a newer one. */
  keep(tenantId: string, snapshot: PositionedSnapshot): void {
    const kept = this.byTenant.get(tenantId);
    this.put(tenantId, kept && isNewer(kept, snapshot) ? kept : snapshot);
  }

  /** Once for all who wait for it. */
  private load(tenantId: string): Promise<void> {
    const load = this.loads.get(tenantId) ?? this.read(tenantId);
    this.loads.set(tenantId, load);
    return load.finally(() => this.loads.delete(tenantId));
  }

  private async read(tenantId: string): Promise<void> {
    const read = await loadTenantFacts(this.database, tenantId);
    if (!read) return;
    const { epoch, revision, historyDigest, factsDigest, facts } = read;
    const snapshot = await inSlices(buildSnapshotSteps(facts));
    // INVARIANT: whatever was kept, as a restored database comes to other facts at earlier revisions.
    this.put(tenantId, { epoch, revision, historyDigest, factsDigest, snapshot });
  }

  private put(tenantId: string, snapshot: PositionedSnapshot): void {
    this.byTenant.delete(tenantId);
    this.byTenant.set(tenantId, snapshot);
    if (this.byTenant.size <= MAX_TENANTS) return;
    const [longestUnused] = this.byTenant.keys();
    if (longestUnused !== undefined) this.byTenant.delete(longestUnused);
  }
}

async function follow(
  tx: TenantTransaction,
  kept: PositionedSnapshot,
  point: TenantPoint,
): Promise<PositionedSnapshot | null> {
  if (isSamePoint(kept, point)) return kept;
  const behind = point.revision - kept.revision;
  if (kept.epoch !== point.epoch || behind < 1 || behind > MAX_REVISIONS) return null;
  return followChanges(kept, point, await readChangesBetween(tx, kept, point));
}

/**
 * INVARIANT: the same history too. A database that was restored under a running process comes to the
 * revisions that it had before a second time, with other facts.
 */
function isSamePoint(a: TenantPoint, b: TenantPoint): boolean {
  return a.epoch === b.epoch && a.revision === b.revision && a.historyDigest === b.historyDigest;
}

function isNewer(a: TenantPoint, b: TenantPoint): boolean {
  return a.epoch > b.epoch || (a.epoch === b.epoch && a.revision > b.revision);
}
