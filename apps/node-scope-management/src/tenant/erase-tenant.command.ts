import { Injectable } from '@nestjs/common';
import { AppDatabase } from '../database/app-database.js';
import { TenantWriter } from '../write/index.js';
import { PLATFORM_TENANT } from '../facts/index.js';
import { eraseRows, listUnerased, markErased, readTombstone } from './tenant-erasure.store.js';

/** Rows of one transaction: some milliseconds, in which nobody else wants them. */
const BATCH = 1_000;

/** Nobody in person: who deleted the tenant has an entry of their own. */
const ERASER = 'node-scope-management';

/**
 * Erases what is left of deleted tenants, a batch and a transaction at a time. Whatever ends a process
 * in the middle of it, any other goes on: what is left to do is what is still there.
 */
@Injectable()
export class EraseTenantCommand {
  constructor(
    private readonly database: AppDatabase,
    private readonly writer: TenantWriter,
  ) {}

  /** Every tenant that has something left; one after the other, until told to stop. */
  async runAll(stopping: AbortSignal): Promise<void> {
    for (const tenantId of await this.database.inTenant(PLATFORM_TENANT, listUnerased)) {
      if (stopping.aborted) return;
      await this.run(tenantId, { stopping });
    }
  }

  /**
   * Answers whether all of it is erased by now. Otherwise something may not go yet, or somebody else is
   * at it: to be run again.
   */
  async run(
    tenantId: string,
    { stopping, batch = BATCH }: { readonly stopping?: AbortSignal; readonly batch?: number } = {},
  ): Promise<boolean> {
    const next = () => this.database.inTenant(tenantId, (tx) => eraseRows(tx, tenantId, batch));
    let outcome = await next();
    while (outcome === 'ERASED') {
      if (stopping?.aborted) return false;
      outcome = await next();
    }
    if (outcome !== 'GONE') return outcome === 'DONE';
    await this.enter(tenantId);
    await this.database.inTenant(tenantId, (tx) => markErased(tx, tenantId));
    return true;
  }

  /**
   * Into the audit of `platform`, the only one that is left. Before the end is noted, so that there is
   * none without its entry; the key makes it one entry, however often that is tried.
   */
  private async enter(tenantId: string): Promise<void> {
    const tombstone = await this.database.inTenant(tenantId, (tx) => readTombstone(tx, tenantId));
    if (!tombstone) return;
    const idempotencyKey = `erased:${tenantId}`;
    const request = { operation: 'erase-tenant', input: { tenantId }, idempotencyKey };
    const writer = { operator: ERASER, tenantId: PLATFORM_TENANT };
    await this.writer.write(writer, request, (_tx, { before }) =>
      Promise.resolve({ id: tenantId, events: [], after: before, details: { ...tombstone } }),
    );
  }
}
