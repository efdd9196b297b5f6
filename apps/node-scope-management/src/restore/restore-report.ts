import type { ListedGrant, RestoreNote, RestorePlan } from '@bastion/access';
import type { HistoryPointV1 } from '@bastion/contracts';
import type { AccessEvent } from '@bastion/policy';
import type { Fork } from './fork.js';
import type { WitnessSearch } from './find-witness.query.js';

/** What a restore is about to do to a tenant, or has done. */
export interface RestoreReport {
  readonly tenantId: string;
  /** NOTHING_TO_DO: nobody knows of anything that the owner has lost. */
  readonly outcome: 'NOTHING_TO_DO' | 'PLANNED' | 'RESTORED';
  /** Where the owner was found. */
  readonly owner: HistoryPointV1;
  /** Null: nobody was asked, or nobody knows more than the owner. */
  readonly witness: WitnessReport | null;
  /** The epoch that begins; null: none. */
  readonly epoch: number | null;
  /** What is written again at the owner. */
  readonly events: readonly AccessEvent[];
  /** What is held back, for somebody to decide. */
  readonly grants: readonly ListedGrant[];
  readonly notes: readonly RestoreNote[];
  readonly warnings: readonly string[];
}

export interface WitnessReport {
  readonly url: string;
  readonly point: HistoryPointV1;
  readonly fork: Fork;
  /** The last revision that both have; null: not to be told. */
  readonly partedAt: HistoryPointV1 | null;
  /** How many revisions the owner has lost; null: not to be told. */
  readonly lostRevisions: number | null;
}

/** Of a tenant about which nothing is to be done, or about which nobody was asked. */
export function bareReport(
  { tenantId, epoch, revision, digest }: WitnessSearch['head'],
  outcome: RestoreReport['outcome'],
  begun: number | null,
): RestoreReport {
  const owner = { epoch, revision, digest };
  const nothing = { witness: null, events: [], grants: [], notes: [], warnings: [] };
  return { tenantId, outcome, owner, epoch: begun, ...nothing };
}

export function reportOf(
  { head, found }: WitnessSearch,
  outcome: RestoreReport['outcome'],
  epoch: number,
  { events, grants, notes }: Pick<RestorePlan, 'events' | 'grants' | 'notes'>,
): RestoreReport {
  const bare = bareReport(head, outcome, epoch);
  if (!found) return bare;
  const { url, fork, parting, warnings } = found;
  const witness = {
    url,
    fork,
    point: found.witness.point,
    partedAt: parting?.at ?? null,
    lostRevisions: parting ? parting.lost.length : null,
  };
  return { ...bare, witness, events, grants, notes, warnings };
}
