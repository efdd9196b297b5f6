import type { TenantFacts } from './facts.js';
import { IndexedSnapshot } from './indexed-snapshot.js';
import { indexFacts } from './indexes.js';
import type { Snapshot } from './snapshot.js';

/**
 * The snapshot of these facts, in whatever order they come. Of two facts with the same identity
 * (the id; group, member and source of a membership) the later counts. The facts are kept, not
 * copied: do not change them afterwards.
 */
export function buildSnapshot(facts: TenantFacts): Snapshot {
  return new IndexedSnapshot(indexFacts(facts));
}
