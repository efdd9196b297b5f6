import type { TenantFacts } from '@bastion/policy';
import type { Changes } from './change-set.js';
import { forkBetween, ForkedHistoryError, type Head } from './history.js';
import type { Owner } from './owner.client.js';
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
    if (answer.kind !== 'UNUSABLE') refuseFork(from, answer.head);
    if (answer.kind === 'FORKED') throw new ForkedHistoryError('REWRITTEN', from, answer.head);
    if (answer.kind === 'RANGE') {
      const [first] = answer.changes;
      if (first && first.previousDigest !== from.digest) {
        throw new ForkedHistoryError('REWRITTEN', from, answer.head);
      }
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
  return { kind: 'SNAPSHOT', ...snapshot };
}

function refuseFork(from: HistoryPoint | null, head: Head): void {
  const fork = forkBetween(from, head);
  if (fork) throw new ForkedHistoryError(fork, from, head);
}
