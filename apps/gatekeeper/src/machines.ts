/**
 * What keeps this service in step with the owner of the facts, without the edges that run it: clock,
 * randomness, transport and rows are handed in. For simulations that drive it.
 */
export { WaitingRoom } from './admission/index.js';
export { CheckQuery, type CheckAnswer } from './check/check.query.js';
export { OwnerClient, type ChangeSet, type HistoryPoint, type Owner } from './owner/index.js';
export { AccessChangesListener } from './projection/access-changes.listener.js';
export { AppliedLog } from './projection/applied-log.js';
export { ApplyAccessChangeCommand } from './projection/apply-access-change.command.js';
export {
  rowChangesOf,
  rowsOf,
  tenantOfRows,
  type FactKey,
  type FactRow,
} from './projection/fact-rows.js';
export type { MonotonicClock } from './projection/monotonic-clock.js';
export { Poller } from './projection/poller.js';
export type { ProjectionLogger } from './projection/projection-logger.js';
export { ProjectionRepairer, type Projection } from './projection/projection.repairer.js';
export type { AppendResult } from './projection/projection.store.js';
export { ReplicaChangesListener } from './projection/replica-changes.listener.js';
export { SnapshotHolder, type Bar, type HeldTenant } from './projection/snapshot.holder.js';
export { SnapshotReader, type Reading } from './projection/snapshot.reader.js';
export {
  SnapshotRefresher,
  type RefresherParts,
  type StoredTenant,
} from './projection/snapshot.refresher.js';
export { VerifyProjectionCommand } from './projection/verify-projection.command.js';
export { WallClockGuard } from './projection/wall-clock.guard.js';
