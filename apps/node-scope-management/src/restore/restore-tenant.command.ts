import { planRestore, type RestorePlan, type WitnessedEnds, witnessedEnds } from '@bastion/access';
import { ApiError, parseInput, reasonSchema, tenantIdSchema } from '@bastion/platform';
import { buildSnapshot, type Snapshot } from '@bastion/policy';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { AppDatabase, type TenantTransaction } from '../database/app-database.js';
import { eventFromWire, readPosition, readTenantFacts } from '../facts/index.js';
import { readHead } from '../outbox/index.js';
import { deleteAllCredentials } from '../service-account/index.js';
import { type Operator, PlatformGate } from '../tenant/index.js';
import { TenantWriter } from '../write/index.js';
import { FindWitnessQuery, type FoundWitness, type WitnessSearch } from './find-witness.query.js';
import { latestConsumedEpoch, readDigests } from './owner-history.store.js';
import { bareReport, reportOf, type RestoreReport } from './restore-report.js';
import { readBack } from './restored-facts.store.js';
import { insertGrants, keepWitness } from './restored-grants.store.js';
import { writeRows } from './restored-rows.store.js';

/** All facts of a large tenant are read, planned with and read back. */
const TIMEOUT_MS = 120_000;

const OPERATION = 'restore-tenant';

const restoreTenantInput = z.object({ tenantId: tenantIdSchema, reason: reasonSchema.nullish() });
const withoutWitnessInput = z.object({ tenantId: tenantIdSchema, reason: reasonSchema });

/**
 * Brings a tenant whose owner was restored to an earlier point back in step with those who had seen
 * more: what they know to have been taken away is taken away again, what they know to have been
 * given waits for somebody to decide, and a new epoch begins that they follow.
 */
@Injectable()
export class RestoreTenantCommand {
  constructor(
    private readonly findWitness: FindWitnessQuery,
    private readonly database: AppDatabase,
    private readonly platform: PlatformGate,
    private readonly writer: TenantWriter,
  ) {}

  /** What {@link run} would do now. */
  async plan(raw: unknown): Promise<RestoreReport> {
    const { tenantId } = parseInput(restoreTenantInput, raw);
    const search = await this.findWitness.run(tenantId);
    const { found, head } = search;
    if (!found) return bareReport(head, 'NOTHING_TO_DO', null);
    return this.database.inTenant(
      tenantId,
      async (tx) => {
        const read = await readTenantFacts(tx);
        if (!read) throw changedMeanwhile();
        const plan = planWith(found, buildSnapshot(read.facts));
        return reportOf(search, 'PLANNED', await nextEpoch(tx, search), plan);
      },
      { timeoutMs: TIMEOUT_MS },
    );
  }

  /**
   * Done twice it is done once: whoever has seen the new epoch, or may follow it, is no witness of
   * anything that is lost. Rejects as {@link FindWitnessQuery} does, with UNAVAILABLE also where the
   * tenant has been changed in a way that the witness was not asked about.
   */
  async run(operator: Operator, raw: unknown): Promise<RestoreReport> {
    const { tenantId, reason = null } = parseInput(restoreTenantInput, raw);
    // INVARIANT: the witness is asked before the transaction, never inside it.
    const search = await this.findWitness.run(tenantId);
    const { found, head } = search;
    if (!found) return bareReport(head, 'NOTHING_TO_DO', null);

    const request = { operation: OPERATION, input: { tenantId }, reason };
    const writer = await this.platform.admit(operator, request, tenantId);
    let report = bareReport(head, 'RESTORED', null);
    await this.writer.write(
      writer,
      request,
      async (tx, { before }) => {
        await refuseMoved(tx, search);
        const epoch = await nextEpoch(tx, search);
        const plan = planWith(found, before);
        await writeRows(tx, tenantId, plan.events);
        await deleteAllCredentials(tx);
        await readBack(tx, plan.after);
        await noteGrants(tx, tenantId, epoch, found, plan);
        report = reportOf(search, 'RESTORED', epoch, plan);
        const { epoch: seen, revision } = found.witness.point;
        const begins = { epoch, witnessed: { epoch: seen, revision } };
        const { events, after } = plan;
        return { id: tenantId, events, after, begins, details: sealOf(report) };
      },
      { timeoutMs: TIMEOUT_MS },
    );
    return report;
  }

  /**
   * Begins a new epoch that everybody follows, whatever they have seen: an operator's decision where
   * no witness is left. What was taken away after the restored point is in force again.
   */
  async runWithoutWitness(operator: Operator, raw: unknown): Promise<RestoreReport> {
    const { tenantId, reason } = parseInput(withoutWitnessInput, raw);
    const request = { operation: OPERATION, input: { tenantId, withoutWitness: true }, reason };
    const writer = await this.platform.admit(operator, request, tenantId);
    let report: RestoreReport | undefined;
    await this.writer.write(writer, request, async (tx, { before }) => {
      const head = await readHead(tx);
      if (!head) throw changedMeanwhile();
      const epoch = await nextEpoch(tx, { head, found: null });
      await deleteAllCredentials(tx);
      report = bareReport(head, 'RESTORED', epoch);
      const begins = { epoch, witnessed: null };
      return { id: tenantId, events: [], after: before, begins, details: sealOf(report) };
    });
    if (!report) throw changedMeanwhile();
    return report;
  }
}

/** What the witness saw end after the histories parted; null: not to be told. */
function endsSeenBy({ parting }: FoundWitness): WitnessedEnds | null {
  return parting && witnessedEnds(parting.lost.flatMap(({ events }) => events.map(eventFromWire)));
}

function planWith(found: FoundWitness, owner: Snapshot): RestorePlan {
  const witness = buildSnapshot(found.witness.facts);
  try {
    return planRestore({ owner, witness, ended: endsSeenBy(found) });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ApiError(
      'UNAVAILABLE',
      'The witness knows another tenant by this id: it was created anew. Only a restore without a witness makes gatekeeper follow it.',
      undefined,
      { cause: error },
    );
  }
}

/** Later than any that somebody has seen, or they would not follow. */
async function nextEpoch(tx: TenantTransaction, { head, found }: WitnessSearch): Promise<number> {
  const witnessed = found?.witness.point.epoch ?? 0;
  return Math.max(head.epoch, witnessed, await latestConsumedEpoch(tx)) + 1;
}

/** The tenant may have been written to since; what it had in common with the witness it still has. */
async function refuseMoved(tx: TenantTransaction, { head, found }: WitnessSearch): Promise<void> {
  const now = await readPosition(tx);
  const goesOn = now?.epoch === head.epoch && now.revision >= head.revision;
  const range = { first: head.revision, last: head.revision };
  const { byRevision } = await readDigests(tx, range);
  if (!found || !goesOn || byRevision.get(head.revision) !== head.digest) throw changedMeanwhile();
}

function changedMeanwhile(): ApiError {
  return new ApiError('UNAVAILABLE', 'The tenant has changed meanwhile. Run this again.');
}

async function noteGrants(
  tx: TenantTransaction,
  tenantId: string,
  epoch: number,
  found: FoundWitness,
  { grants }: RestorePlan,
): Promise<void> {
  if (grants.length === 0) return;
  const { facts } = found.witness;
  await keepWitness(tx, tenantId, epoch, { facts, ended: endsSeenBy(found) });
  await insertGrants(tx, tenantId, epoch, grants);
}

/** For the audit, whose own chain was cut off where the owner was restored. */
function sealOf({ owner, witness, epoch, grants }: RestoreReport): Record<string, unknown> {
  return { restored: owner, witness, epoch, grantsHeldBack: grants.length };
}
