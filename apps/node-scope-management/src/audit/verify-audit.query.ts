import { Injectable } from '@nestjs/common';
import { ApiError } from '@bastion/platform';
import { AppDatabase } from '../database/app-database.js';
import { readAuditExtent, readChain } from './audit.store.js';
import { type ChainBreak, findBreak, findBreakAtHead } from './verify-chain.js';

const PAGE = 500;

export interface AuditVerification {
  readonly tenantId: string;
  /** How many entries were found intact, from the first on. */
  readonly intact: number;
  /** Null: the whole chain is as it was written. */
  readonly firstBreak: ChainBreak | null;
}

/** Walks a tenant's whole audit chain as it is now. For operators: nobody is asked whether they may. */
@Injectable()
export class VerifyAuditQuery {
  constructor(private readonly database: AppDatabase) {}

  /** Throws NOT_FOUND for an unknown tenant. Holds one page in memory and no lock. */
  async run(tenantId: string): Promise<AuditVerification> {
    const extent = await this.database.inTenant(tenantId, readAuditExtent);
    if (!extent) throw new ApiError('NOT_FOUND', `There is no tenant ${tenantId}.`);
    const { head, lastSequence } = extent;

    let walked = { sequence: 0, hash: '' };
    while (walked.sequence < lastSequence) {
      const after = walked.sequence;
      const page = await this.database.inTenant(tenantId, (tx) =>
        readChain(tx, after, lastSequence, PAGE),
      );
      if (page.length === 0) break;
      for (const entry of page) {
        const firstBreak = findBreak(walked, tenantId, entry);
        if (firstBreak) return { tenantId, intact: walked.sequence, firstBreak };
        walked = entry;
      }
    }
    return { tenantId, intact: walked.sequence, firstBreak: findBreakAtHead(walked, head) };
  }
}
