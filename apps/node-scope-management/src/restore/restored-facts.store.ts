import { sha256 } from '@bastion/platform';
import { buildSnapshot, digestOfFacts, type Snapshot } from '@bastion/policy';
import type { TenantTransaction } from '../database/app-database.js';
import { readTenantFacts } from '../facts/index.js';
import { builtInRoleIds } from '../role/index.js';

/**
 * Throws unless the rows of the transaction's tenant say what they shall.
 *
 * INVARIANT: a restore writes rows of every kind by one way that nothing else takes; what it commits
 * has been read back.
 */
export async function readBack(tx: TenantTransaction, after: Snapshot): Promise<void> {
  const read = await readTenantFacts(tx);
  const written = read && digestOfFacts(buildSnapshot(read.facts).facts(), sha256);
  if (written !== digestOfFacts(after.facts(), sha256)) {
    throw new Error('the rows are not what was planned: nothing is committed');
  }
}

/** The roles of the transaction's tenant that shipped in code. */
export async function readBuiltInIds(tx: TenantTransaction): Promise<ReadonlySet<string>> {
  return new Set((await builtInRoleIds(tx)).values());
}
