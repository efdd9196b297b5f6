import type { WriteContext } from '@bastion/access';
import { ApiError, parseInput, reasonSchema, tenantIdSchema } from '@bastion/platform';
import { type AccessEvent, buildSnapshot } from '@bastion/policy';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AppDatabase, type TenantTransaction } from '../database/app-database.js';
import { type Operator, PlatformGate } from '../tenant/index.js';
import { TenantWriter } from '../write/index.js';
import { giveInTurn, type RefusedGrant, withConsequences } from './plan-give.js';
import { readBack, readBuiltInIds } from './restored-facts.store.js';
import {
  decide,
  type Decision,
  listPending,
  type PendingGrant,
  readWitness,
} from './restored-grants.store.js';
import { writeRows } from './restored-rows.store.js';

/** Given, or dismissed, in one revision. */
const CHUNK = 100;
const TIMEOUT_MS = 60_000;

const decideInput = z.object({
  tenantId: tenantIdSchema,
  /** Null: all that wait. */
  grantIds: z.array(z.uuid().toLowerCase()).min(1).nullable(),
  reason: reasonSchema.nullish(),
});

export interface DecidedGrants {
  readonly decided: readonly string[];
  readonly refused: readonly RefusedGrant[];
  /** How many events came with them: denies that had nothing to hang on before. */
  readonly consequences: number;
}

/** Decides on what a restore held back: gives it again as far as the rules allow, or dismisses it. */
@Injectable()
export class DecideGrantsCommand {
  constructor(
    private readonly database: AppDatabase,
    private readonly platform: PlatformGate,
    private readonly writer: TenantWriter,
  ) {}

  /** Rejects with ApiError NOT_FOUND for an id that waits for nobody. */
  async run(operator: Operator, decision: Decision, raw: unknown): Promise<DecidedGrants> {
    const { tenantId, grantIds, reason = null } = parseInput(decideInput, raw);
    const pending = await this.database.inTenant(tenantId, listPending);
    const chosen = choose(pending, grantIds);
    if (chosen.length === 0) return { decided: [], refused: [], consequences: 0 };

    const operation = decision === 'GIVEN' ? 'give-restored-grants' : 'dismiss-restored-grants';
    const request = { operation, input: { tenantId, grantIds }, reason };
    const { operator: name } = await this.platform.admit(operator, request, tenantId);
    const all = { decided: [] as string[], refused: [] as RefusedGrant[], consequences: 0 };
    for (let at = 0; at < chosen.length; at += CHUNK) {
      const ids = new Set(chosen.slice(at, at + CHUNK).map(({ id }) => id));
      const chunk = await this.decideOn(name, tenantId, request, decision, ids);
      all.decided.push(...chunk.decided);
      all.refused.push(...chunk.refused);
      all.consequences += chunk.consequences;
    }
    return all;
  }

  private async decideOn(
    operator: string,
    tenantId: string,
    request: { operation: string; input: Record<string, unknown>; reason: string | null },
    decision: Decision,
    ids: ReadonlySet<string>,
  ): Promise<DecidedGrants> {
    let outcome: DecidedGrants = { decided: [], refused: [], consequences: 0 };
    await this.writer.write(
      { operator, tenantId },
      request,
      async (tx, context) => {
        const waiting = (await listPending(tx)).filter(({ id }) => ids.has(id));
        const gift =
          decision === 'GIVEN' ? await plan(tx, context, waiting) : dismissal(context, waiting);
        await writeRows(tx, tenantId, gift.events);
        if (gift.events.length > 0) await readBack(tx, gift.after);
        await decide(tx, gift.decided, decision, operator);
        const { events, after, ...rest } = gift;
        outcome = rest;
        const { decided, refused } = rest;
        return { id: tenantId, events, after, details: { decided, refused } };
      },
      { timeoutMs: TIMEOUT_MS },
    );
    return outcome;
  }
}

interface Gift extends DecidedGrants {
  readonly events: readonly AccessEvent[];
  readonly after: WriteContext['before'];
}

async function plan(
  tx: TenantTransaction,
  context: WriteContext,
  waiting: readonly PendingGrant[],
): Promise<Gift> {
  const { given, refused } = giveInTurn(context, waiting, await readBuiltInIds(tx));
  const epochs = new Set(given.grants.map(({ epoch }) => epoch));
  const knowledge = [];
  for (const epoch of epochs) {
    const kept = await readWitness(tx, epoch);
    if (kept) knowledge.push({ witness: buildSnapshot(kept.facts), ended: kept.ended });
  }
  const { events, after } = withConsequences(context.before, given, knowledge);
  const consequences = events.length - given.events.length;
  return { events, after, decided: given.grants.map(({ id }) => id), refused, consequences };
}

function dismissal({ before: after }: WriteContext, waiting: readonly PendingGrant[]): Gift {
  const decided = waiting.map(({ id }) => id);
  return { events: [], after, decided, refused: [], consequences: 0 };
}

function choose(
  pending: readonly PendingGrant[],
  grantIds: readonly string[] | null,
): readonly PendingGrant[] {
  if (grantIds === null) return pending;
  const wanted = new Set(grantIds);
  const chosen = pending.filter(({ id }) => wanted.delete(id));
  const [unknown] = wanted;
  if (unknown === undefined) return chosen;
  throw new ApiError('NOT_FOUND', `Nothing waits for a decision under the id ${unknown}.`);
}
