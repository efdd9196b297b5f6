export { askForSnapshot, askToCatchUp, refuseForked, type CatchUp } from './catch-up.js';
export { appliesAt, sortArrivals, type Changes, type ChangeSet } from './change-set.js';
export { forkBetween, ForkedHistoryError, type Fork, type Head } from './history.js';
export { OwnerClient, type Heads, type Owner } from './owner.client.js';
export { OwnerModule } from './owner.module.js';
export {
  comparePositions,
  hasReached,
  isSamePoint,
  laterOf,
  type HistoryPoint,
  type Position,
} from './position.js';
export { changeSetOf, factsOf } from './to-domain.js';
