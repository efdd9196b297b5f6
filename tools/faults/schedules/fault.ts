import type { Scene } from '../run-schedule.js';
import type { Random } from '../simulation/random.js';

/** When a fault may happen, virtual ms since the beginning. */
export interface Window {
  readonly from: number;
  readonly until: number;
  /** Nothing else goes wrong in this run: what is not concerned must go on as ever. */
  readonly alone: boolean;
}

/** One row of the table of faults in docs/technical/sync.md, as far as a simulation can have it. */
export interface Fault {
  readonly fault: number;
  readonly name: string;
  /** What real processes, databases and brokers have to show of it, and in which test they do. */
  readonly elsewhere: string;
  /** Faults that make each other's outcome unknowable. */
  readonly not: readonly number[];
  /** Plans what happens, with parameters drawn from `random`; called before anything has started. */
  readonly plan: (scene: Scene, random: Random, window: Window) => void;
}

/** Plans `times` occurrences within the window, each with its own moment. */
export function severalTimes(
  { world }: Scene,
  random: Random,
  { from, until }: Window,
  times: number,
  what: string,
  happen: () => void,
): void {
  for (let time = 0; time < times; time += 1) {
    world.time.after(random.between(from, until), what, happen);
  }
}

/** Something begins within the window and ends after between `least` and `most` ms, or with all else. */
export function forAWhile(
  { world }: Scene,
  random: Random,
  { from, until }: Window,
  [least, most]: readonly [number, number],
  what: string,
  begin: () => () => void,
): void {
  world.time.after(random.between(from, Math.max(from, until - least)), `${what} begins`, () => {
    const end = begin();
    world.endings.add(end);
    world.time.after(random.between(least, most), `${what} ends`, () => {
      if (world.endings.delete(end)) end();
    });
  });
}
