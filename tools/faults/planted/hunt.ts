import { runSchedule } from '../run-schedule.js';
import { composeSchedule, type Schedule } from '../schedules/compose.js';
import type { PlantedBug } from './index.js';

/** Runs in which a planted bug must be seen at least once; no hunt has ever taken half as many. */
export const MOST_RUNS = 30;

export interface Hunt {
  readonly caught: boolean;
  readonly runs: number;
  /** Of the run in which it was seen. */
  readonly seed: number;
  readonly fault: number;
  /** What the same seeds came to without the bug: nothing, or the hunt proves nothing. */
  readonly falseAlarms: number;
}

/** Looks for a planted bug from `seed` on, and at each seed for what there is without it. */
export async function hunt({ build, faults, seenAs }: PlantedBug, seed: number): Promise<Hunt> {
  let falseAlarms = 0;
  for (let run = 0; ; run += 1) {
    const fault = faults[run % faults.length]!;
    const schedule = composeSchedule(seed + run, fault);
    const { violations } = await runSchedule({ ...schedule, build });
    falseAlarms += await violationsWithout(schedule, fault);
    const caught = violations.some(({ kind }) => seenAs.includes(kind));
    if (!caught && run + 1 < MOST_RUNS) continue;
    return { caught, runs: run + 1, seed: seed + run, fault, falseAlarms };
  }
}

const known = new Map<string, number>();

/** Hunts share their seeds, so that the real code runs once for all of them. */
async function violationsWithout(schedule: Schedule, fault: number): Promise<number> {
  const name = `${schedule.seed} ${fault}`;
  const violations = known.get(name) ?? (await runSchedule(schedule)).violations.length;
  known.set(name, violations);
  return violations;
}
