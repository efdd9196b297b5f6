import type { TenantFacts } from '@bastion/policy';
import type { Changes } from './change-set.js';
import type { Owner } from './owner.client.js';
import type { Position } from './position.js';

/** Change sets pulled at a time. */
const PULL_LIMIT = 500;

/** How to get from a position towards the owner's head, which is never earlier than the asking. */
export type CatchUp =
  | { readonly kind: 'CHANGES'; readonly head: Position; readonly changes: readonly Changes[] }
  | { readonly kind: 'SNAPSHOT'; readonly head: Position; readonly facts: TenantFacts }
  | { readonly kind: 'NO_TENANT' };

/**
 * Asks the owner for what follows `from` (null: everything): the changes where they can be had, and
 * all facts where they cannot. Throws while the owner cannot be asked.
 */
export async function askToCatchUp(
  owner: Owner,
  tenantId: string,
  from: Position | null,
): Promise<CatchUp> {
  if (from !== null) {
    const answer = await owner.changes(tenantId, from, PULL_LIMIT);
    if (answer.kind === 'NO_TENANT') return answer;
    if (answer.kind === 'RANGE') {
      const changes = answer.changes.filter((change) => change.kind === 'CHANGES');
      if (changes.length === answer.changes.length) {
        return { kind: 'CHANGES', head: answer.head, changes };
      }
    }
  }
  const snapshot = await owner.snapshot(tenantId);
  return snapshot ? { kind: 'SNAPSHOT', ...snapshot } : { kind: 'NO_TENANT' };
}
