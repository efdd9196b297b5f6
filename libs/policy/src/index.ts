export type * from './access-event.js';
export * from './answers/index.js';
export { approximateBytes } from './approximate-bytes.js';
export { applyEvents } from './apply-events.js';
export { buildSnapshot, buildSnapshotSteps } from './build-snapshot.js';
export * from './casbin/index.js';
export * from './conditions/index.js';
export { changedFactOf, type ChangedFact, type ChangedKind } from './changed-fact.js';
export { decide } from './decide.js';
export { decideChain, MAX_CHAIN_LENGTH, type ChainDecision } from './decide-chain.js';
export { decideStale } from './decide-stale.js';
export type * from './decision.js';
export type * from './facts.js';
export { EVERYONE } from './everyone.js';
export {
  areComparable,
  digestAfter,
  digestOfFacts,
  digestSteps,
  EMPTY_FACTS_DIGEST,
  type HashText,
} from './facts-digest.js';
export { msUntilNextChange } from './next-change.js';
export { isPrivilegedRole, privilegedRoleIds } from './privileged-role.js';
export { isPermission, permissionCovers } from './permission.js';
export { placeOf, resourceKey, resourceOfKey } from './resource-key.js';
export { principalOf, type VouchedIdentity } from './principal-of.js';
export { rolePermissions } from './role-permissions.js';
export { assignmentReaches, type ReachResult } from './scope-path.js';
export type { Snapshot } from './snapshot.js';
export type { TenantSize } from './tenant-size.js';
export { factsOfNothing, TOMBSTONE } from './tombstone.js';
export { FACTS_PER_STEP, type Steps } from './steps.js';
