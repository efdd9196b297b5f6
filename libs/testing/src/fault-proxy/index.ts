export type { Direction, Fault } from './fault.js';
export { FaultProxy } from './fault-proxy.js';
