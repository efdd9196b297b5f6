import type { WriteContext } from '@bastion/access';
import { ApiError, Clock, parseInput, tenantIdSchema } from '@bastion/platform';
import { buildSnapshot } from '@bastion/policy';
import { Injectable } from '@nestjs/common';
import { AppDatabase } from '../database/app-database.js';
import { readTenantFacts } from '../facts/index.js';
import { giveInTurn, type RefusedGrant } from './plan-give.js';
import { readBuiltInIds } from './restored-facts.store.js';
import { listPending, type PendingGrant, readNames } from './restored-grants.store.js';

/** Something that waits, with whether it could be given now, after those before it in the list. */
export interface RestoredGrant extends PendingGrant {
  /** Null: nothing is in the way. */
  readonly refusal: Pick<RefusedGrant, 'code' | 'message'> | null;
}

export interface RestoredGrants {
  readonly tenantId: string;
  readonly grants: readonly RestoredGrant[];
  /** What people call the things in it, by id. */
  readonly names: Readonly<Record<string, string>>;
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Answers what a restore held back and nobody has decided on yet. */
@Injectable()
export class RestoredGrantsQuery {
  constructor(
    private readonly database: AppDatabase,
    private readonly clock: Clock,
  ) {}

  /** Rejects with ApiError NOT_FOUND for an unknown tenant. */
  async run(raw: string): Promise<RestoredGrants> {
    const tenantId = parseInput(tenantIdSchema, raw);
    return this.database.inTenant(tenantId, async (tx) => {
      const read = await readTenantFacts(tx);
      if (!read) throw new ApiError('NOT_FOUND', `There is no tenant ${tenantId}.`);
      const pending = await listPending(tx);
      const context: WriteContext = {
        before: buildSnapshot(read.facts),
        actor: { kind: 'OPERATOR' },
        time: this.clock.interval(),
      };
      const { refused } = giveInTurn(context, pending, await readBuiltInIds(tx));
      const refusals = new Map(refused.map(({ id, ...refusal }) => [id, refusal]));
      const ids = JSON.stringify(pending.map(({ fact }) => fact)).match(UUID) ?? [];
      const names = Object.fromEntries(await readNames(tx, ids));
      const grants = pending.map((grant) => ({
        ...grant,
        refusal: refusals.get(grant.id) ?? null,
      }));
      return { tenantId, grants, names };
    });
  }
}
