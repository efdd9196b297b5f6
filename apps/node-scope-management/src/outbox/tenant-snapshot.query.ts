import { Injectable } from '@nestjs/common';
import {
  askerV1,
  snapshotResponseV1,
  SYNC_ADDITIONS,
  type SnapshotResponseV1,
  type TenantFactsV1,
} from '@bastion/contracts';
import { ApiError, factsToWire, parseInput } from '@bastion/platform';
import { NoteAppliedCommand } from '../consumer/index.js';
import { AppDatabase } from '../database/app-database.js';
import { loadTenantFacts } from '../facts/index.js';
import { headOf } from './heads.store.js';
import { unknownTenant } from './unknown-tenant.js';

/**
 * INVARIANT: whoever would ignore a part of the facts gets none: what it ignores may be what denies.
 * Events of such a part it refuses by itself.
 */
function refuseOutdated(facts: TenantFactsV1, reads: string): void {
  const known = reads.split(',');
  const unread = SYNC_ADDITIONS.filter((part) => facts[part].length > 0 && !known.includes(part));
  if (unread.length === 0) return;
  throw new ApiError('READER_OUTDATED', 'The facts of this tenant are more than you read.', {
    reads: unread.join(),
  });
}

/** Answers every fact of a tenant at one revision: how a consumer begins, or begins anew. */
@Injectable()
export class TenantSnapshotQuery {
  constructor(
    private readonly database: AppDatabase,
    private readonly noteApplied: NoteAppliedCommand,
  ) {}

  async run(tenantId: string, raw: unknown): Promise<SnapshotResponseV1> {
    const { consumer, leaseMs, reads } = parseInput(askerV1, raw);
    if (consumer) await this.noteApplied.leased({ consumerId: consumer, leaseMs }, [tenantId]);
    const read = await loadTenantFacts(this.database, tenantId);
    if (!read) throw unknownTenant();
    const { facts, ...counter } = read;
    const sent = factsToWire(facts);
    refuseOutdated(sent, reads);
    return snapshotResponseV1.parse({ head: headOf({ tenantId, ...counter }), facts: sent });
  }
}
