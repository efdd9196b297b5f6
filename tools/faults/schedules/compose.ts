import type { Scene } from '../run-schedule.js';
import { Random } from '../simulation/random.js';
import type { Fault } from './fault.js';
import { messageFaults } from './messages.js';
import { ownerFaults } from './owner.js';
import { processFaults } from './processes.js';
import { projectionFaults } from './projection.js';

/** All of them, by number. */
export const FAULTS: readonly Fault[] = [
  ...processFaults,
  ...messageFaults,
  ...ownerFaults,
  ...projectionFaults,
].sort((a, b) => a.fault - b.fault);

/** What goes wrong in one run. */
export interface Schedule {
  readonly seed: number;
  readonly lengthMs: number;
  readonly faults: readonly Fault[];
  readonly disturb: (scene: Scene) => void;
}

/** The schedule of a seed: one to three faults, `only` that one if given. */
export function composeSchedule(seed: number, only?: number): Schedule {
  const random = new Random(seed).fork('schedule');
  const lengthMs = random.between(10_000, 26_000);
  // Seeds in a row take turns among the faults.
  const first = only === undefined ? FAULTS[seed % FAULTS.length]! : faultOf(only);
  const faults: Fault[] = [first];
  const more = only === undefined ? random.integer(0, 2) : 0;
  for (const other of random.shuffled(FAULTS).slice(0, more)) {
    if (faults.every((fault) => goTogether(fault, other))) faults.push(other);
  }
  const window = { from: 1_000, until: lengthMs, alone: faults.length === 1 };
  return {
    ...{ seed, lengthMs, faults },
    disturb: (scene) => {
      for (const fault of faults) {
        fault.plan(scene, new Random(seed).fork(`fault ${fault.fault}`), window);
      }
    },
  };
}

function goTogether(one: Fault, other: Fault): boolean {
  return one !== other && !one.not.includes(other.fault) && !other.not.includes(one.fault);
}

function faultOf(number: number): Fault {
  const found = FAULTS.find(({ fault }) => fault === number);
  if (!found) throw new RangeError(`there is no fault ${number}`);
  return found;
}
