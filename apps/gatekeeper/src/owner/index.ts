export { askToCatchUp } from './catch-up.js';
export { appliesAt, sortArrivals, type Changes, type ChangeSet } from './change-set.js';
export { OwnerClient, type Head, type Owner } from './owner.client.js';
export { OwnerModule } from './owner.module.js';
export { comparePositions, hasReached, laterOf, type Position } from './position.js';
export { changeSetOf, factsOf } from './to-domain.js';
