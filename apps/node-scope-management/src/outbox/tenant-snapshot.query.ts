import { Injectable } from '@nestjs/common';
import { askerV1, snapshotResponseV1, type SnapshotResponseV1 } from '@bastion/contracts';
import { parseInput } from '@bastion/platform';
import { NoteAppliedCommand } from '../consumer/index.js';
import { AppDatabase } from '../database/app-database.js';
import { readTenantFacts } from '../facts/index.js';
import { headOf } from './heads.store.js';
import { unknownTenant } from './unknown-tenant.js';

/** Answers every fact of a tenant at one revision: how a consumer begins, or begins anew. */
@Injectable()
export class TenantSnapshotQuery {
  constructor(
    private readonly database: AppDatabase,
    private readonly noteApplied: NoteAppliedCommand,
  ) {}

  async run(tenantId: string, raw: unknown): Promise<SnapshotResponseV1> {
    const { consumer, leaseMs } = parseInput(askerV1, raw);
    if (consumer) await this.noteApplied.leased({ consumerId: consumer, leaseMs }, [tenantId]);
    return this.database.inTenant(tenantId, async (tx) => {
      // Position and facts by one statement, as only that sees both of one moment.
      const read = await readTenantFacts(tx);
      if (!read) throw unknownTenant();
      const { facts, ...counter } = read;
      return snapshotResponseV1.parse({ head: headOf({ tenantId, ...counter }), facts });
    });
  }
}
