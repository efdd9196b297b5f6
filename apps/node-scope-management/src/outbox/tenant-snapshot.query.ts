import { Injectable } from '@nestjs/common';
import { snapshotResponseV1, type SnapshotResponseV1 } from '@bastion/contracts';
import { AppDatabase } from '../database/app-database.js';
import { readTenantFacts } from '../facts/index.js';
import { unknownTenant } from './unknown-tenant.js';

/** Answers every fact of a tenant at one revision: how a consumer begins, or begins anew. */
@Injectable()
export class TenantSnapshotQuery {
  constructor(private readonly database: AppDatabase) {}

  run(tenantId: string): Promise<SnapshotResponseV1> {
    return this.database.inTenant(tenantId, async (tx) => {
      const read = await readTenantFacts(tx);
      if (!read) throw unknownTenant();
      const { epoch, revision, facts } = read;
      return snapshotResponseV1.parse({ head: { tenantId, epoch, revision }, facts });
    });
  }
}
