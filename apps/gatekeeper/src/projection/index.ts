export { ApplyAccessChangeCommand, type LaneState } from './apply-access-change.command.js';
export { Broker } from './broker.js';
export { ProjectionModule } from './projection.module.js';
export { ReplicaHealth } from './replica.health.js';
export { SnapshotHolder, type Bar, type HeldTenant } from './snapshot.holder.js';
export { type AtLeast, SnapshotReader, type Reading } from './snapshot.reader.js';
export { SnapshotRefresher, type StoredTenant } from './snapshot.refresher.js';
export { SnapshotStore } from './snapshot.store.js';
export { VerifyProjectionCommand } from './verify-projection.command.js';
