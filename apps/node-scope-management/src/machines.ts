/**
 * What publishes and answers for the facts of this service, without the edges that run it. For
 * simulations that drive it.
 */
export { contiguousRange } from './outbox/contiguous-range.js';
export { headOf } from './outbox/heads.store.js';
export type { OutboxPosition } from './outbox/outbox-position.js';
export {
  RelayTerm,
  type RelayCommand,
  type RelayLimits,
  type UnsentMessage,
  type UnsentMessages,
  type UnsentRequest,
} from './outbox/relay-term.js';
export type { PublishFate } from './outbox/tenant-lane.js';
export { toWire } from './outbox/to-wire.js';
