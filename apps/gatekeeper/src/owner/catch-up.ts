import type { TenantFacts } from '@bastion/policy';
import type { Changes } from './change-set.js';
import { forkBetween, ForkedHistoryError, type Head } from './history.js';
import type { Owner, OwnerChanges } from './owner.client.js';
import type { HistoryPoint } from './position.js';

/** Change sets pulled at a time. */
const PULL_LIMIT = 500;

/** How to get from a point towards the owner's head, which is never earlier than the asking. */
export type CatchUp =
  | { readonly kind: 'CHANGES'; readonly head: Head; readonly changes: readonly Changes[] }
  | { readonly kind: 'SNAPSHOT'; readonly head: Head; readonly facts: TenantFacts }
  | { readonly kind: 'NO_TENANT' };

/**
 * Asks the owner for what follows `from` (null: everything): the changes where they can be had, and
 * all facts where they cannot.
 *
 * Throws while the owner cannot be asked, ForkedHistoryError when its history is not a continuation
 * of `from`, and SyncInvalidAnswerError when not even its snapshot is understood.
 */
export async function askToCatchUp(
  owner: Owner,
  tenantId: string,
  from: HistoryPoint | null,
): Promise<CatchUp> {
  if (from !== null) {
    const answer = await owner.changes(tenantId, from, PULL_LIMIT);
    if (answer.kind === 'NO_TENANT') return answer;
    refuseForkedChanges(from, answer);
    if (answer.kind === 'RANGE') {
      const changes = answer.changes.filter((change) => change.kind === 'CHANGES');
      if (changes.length === answer.changes.length) {
        return { kind: 'CHANGES', head: answer.head, changes };
      }
    }
  }
  return askForSnapshot(owner, tenantId, from);
}

/** All facts, whatever is known here, as long as it is a part of the same history. Throws likewise. */
export async function askForSnapshot(
  owner: Owner,
  tenantId: string,
  from: HistoryPoint | null,
): Promise<CatchUp> {
  const snapshot = await owner.snapshot(tenantId);
  if (!snapshot) return { kind: 'NO_TENANT' };
  refuseFork(from, snapshot.head);
  // A later head alone does not tell that it is a later one of the same history. Asked afterwards, as
  // the owner may have been restored since it was last asked.
  if (from !== null) await refuseForked(owner, tenantId, from);
  return { kind: 'SNAPSHOT', ...snapshot };
}

/**
 * Throws ForkedHistoryError when the owner knows that `point` is none of its history, and while it
 * cannot be asked.
 */
export async function refuseForked(
  owner: Pick<Owner, 'changes'>,
  tenantId: string,
  point: HistoryPoint,
): Promise<void> {
  refuseForkedChanges(point, await owner.changes(tenantId, point, 1));
}

function refuseForkedChanges(from: HistoryPoint, answer: OwnerChanges): void {
  if (answer.kind === 'NO_TENANT' || answer.kind === 'UNUSABLE') return;
  refuseFork(from, answer.head);
  if (answer.kind === 'GONE') return;
  const isContinued =
    answer.kind === 'RANGE' && (answer.changes[0]?.previousDigest ?? from.digest) === from.digest;
  if (!isContinued) throw new ForkedHistoryError('REWRITTEN', from, answer.head);
}

function refuseFork(from: HistoryPoint | null, head: Head): void {
  const fork = forkBetween(from, head);
  if (fork) throw new ForkedHistoryError(fork, from, head);
}
