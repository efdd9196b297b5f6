import { Injectable } from '@nestjs/common';
import { changesQueryV1, type ChangesResponseV1 } from '@bastion/contracts';
import { parseInput } from '@bastion/platform';
import { AppDatabase } from '../database/app-database.js';
import { readPosition } from '../facts/index.js';
import { contiguousRange } from './contiguous-range.js';
import { readOutboxAfter } from './outbox.store.js';
import { unknownTenant } from './unknown-tenant.js';

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;

/** Answers what changed in a tenant after a revision: how a consumer fills its gaps. */
@Injectable()
export class ChangesQuery {
  constructor(private readonly database: AppDatabase) {}

  run(tenantId: string, raw: unknown): Promise<ChangesResponseV1> {
    const asked = parseInput(changesQueryV1, raw);
    return this.database.inTenant(tenantId, async (tx) => {
      // The head first: all up to it is committed, so what is missing of it is kept no longer.
      const position = await readPosition(tx);
      if (!position) throw unknownTenant();
      const kept = await readOutboxAfter(tx, asked, MAX_ANSWER_BYTES);
      return contiguousRange({ tenantId, ...position }, asked, kept, MAX_ANSWER_BYTES);
    });
  }
}
