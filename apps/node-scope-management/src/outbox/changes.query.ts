import { Injectable } from '@nestjs/common';
import { changesQueryV1, type ChangesResponseV1 } from '@bastion/contracts';
import { parseInput } from '@bastion/platform';
import { NoteAppliedCommand } from '../consumer/index.js';
import { AppDatabase } from '../database/app-database.js';
import { contiguousRange } from './contiguous-range.js';
import { readHead } from './heads.store.js';
import { readDigestAt, readOutboxAfter } from './outbox.store.js';
import { unknownTenant } from './unknown-tenant.js';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Answers what changed in a tenant after a revision: how a consumer fills its gaps. */
@Injectable()
export class ChangesQuery {
  constructor(
    private readonly database: AppDatabase,
    private readonly noteApplied: NoteAppliedCommand,
  ) {}

  async run(tenantId: string, raw: unknown): Promise<ChangesResponseV1> {
    const { consumer, leaseMs, ...asked } = parseInput(changesQueryV1, raw);
    if (consumer) await this.noteApplied.leased({ consumerId: consumer, leaseMs }, [tenantId]);
    return this.database.inTenant(tenantId, async (tx) => {
      // The head first: all up to it is committed, so what is missing of it is kept no longer.
      const head = await readHead(tx);
      if (!head) throw unknownTenant();
      const here = await readDigestAt(tx, head, asked);
      const kept = await readOutboxAfter(tx, asked, MAX_ANSWER_BYTES);
      return contiguousRange(head, asked, here, kept, MAX_ANSWER_BYTES);
    });
  }
}
