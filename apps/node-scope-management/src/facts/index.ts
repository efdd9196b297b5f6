export { FactsModule } from './facts.module.js';
export { eventFromWire } from './from-wire.js';
export { PLATFORM_TENANT } from './platform-tenant.js';
export { refuseInactive, unknownCaller } from './refuse-caller.js';
export {
  advanceCounter,
  beginEpoch,
  type EpochBeginning,
  lockCounter,
  readLimits,
  readPosition,
  type TenantCounter,
  updateLimits,
} from './tenant-counter.store.js';
export {
  loadTenantFacts,
  type PositionedFacts,
  readTenantFacts,
  type TenantPoint,
  type TenantPosition,
} from './tenant-facts.store.js';
export { type Need, type ReadContext, refuseIf, TenantReader } from './tenant-reader.js';
export { TenantSnapshots } from './tenant-snapshots.js';
