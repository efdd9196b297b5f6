import { processFaults } from './process-faults.js';
import type { RealFault } from './real-fault.js';
import { RealWorld } from './real-world.js';

export type { RealFault, RealRun, RealViolation } from './real-fault.js';

/** Faults that can be run, one after the other, until they are stopped. */
export interface RealFaults {
  readonly faults: readonly RealFault[];
  stop(): Promise<void>;
}

/** Starts real services on a stack of their own, to make suffer. */
export async function startRealFaults(): Promise<RealFaults> {
  const world = await RealWorld.start();
  return { faults: processFaults(world), stop: () => world.stop() };
}
