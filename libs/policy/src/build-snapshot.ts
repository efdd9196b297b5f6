import type { TenantFacts } from './facts.js';
import { IndexedSnapshot } from './indexed-snapshot.js';
import type { Snapshot } from './snapshot.js';
import { allAtOnce, type Steps } from './steps.js';
import { tablesOf } from './tenant-tables.js';

/**
 * The snapshot of these facts, in whatever order they come. Of two facts with the same identity
 * (the id; group, member and source of a membership) the later counts.
 */
export function buildSnapshot(facts: TenantFacts): Snapshot {
  return allAtOnce(buildSnapshotSteps(facts));
}

/** The same in steps. The facts must not change meanwhile. */
export function* buildSnapshotSteps(facts: TenantFacts): Steps<Snapshot> {
  return new IndexedSnapshot(yield* tablesOf(facts));
}
