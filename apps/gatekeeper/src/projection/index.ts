export { Broker } from './broker.js';
export { ProjectionModule } from './projection.module.js';
export type { HeldTenant } from './snapshot.holder.js';
export { SnapshotReader, type Reading } from './snapshot.reader.js';
