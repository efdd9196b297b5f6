import { crashAt, crashPoints } from './crash-points/crash-points.js';
import { PLANTED_BUGS } from './planted/index.js';
import { hunt } from './planted/hunt.js';
import type { RealFaults } from './real/index.js';
import { regressions } from './regressions.js';
import { Tally } from './report.js';
import { runSchedule, type ScheduleResult } from './run-schedule.js';
import { composeSchedule, type Schedule } from './schedules/compose.js';

const PROGRESS_EVERY_MS = 10_000;
/** One in so many schedules runs twice, and must come to the same. */
const REPEATED = 40;

export interface CampaignOptions {
  readonly minutes: number;
  /** Of the first schedule; each next one takes the next. */
  readonly seed: number;
  /** The one fault to make. */
  readonly only: number | undefined;
  /** Starts real services to make suffer; undefined: there are none. */
  readonly startReal: (() => Promise<RealFaults>) | undefined;
  readonly say: (line: string) => void;
}

/**
 * Everything that is to be found out about the sync: schedules in simulation and against real
 * processes for some minutes, then every crash point, then every planted bug.
 */
export class Campaign {
  readonly tally = new Tally();
  #saidAt = -Infinity;

  constructor(private readonly options: CampaignOptions) {}

  /** Whether nothing was found that must not be, and every planted bug was. */
  async run(): Promise<boolean> {
    const { only } = this.options;
    await this.regressions();
    await this.schedules();
    if (only === undefined || only === 1) await this.crashPoints();
    if (only === undefined) await this.planted();
    return this.isGood;
  }

  get isGood(): boolean {
    const { violations, planted, crashPoints } = this.tally;
    const isWhole = crashPoints.tested === crashPoints.total;
    return violations === 0 && isWhole && planted.every(({ caught }) => caught);
  }

  async regressions(): Promise<void> {
    const { only: wanted } = this.options;
    const all = regressions().filter(({ only }) => wanted === undefined || only === wanted);
    for (const { seed, only } of all) await this.#simulate(composeSchedule(seed, only), only);
    this.options.say(`Regressions: ${all.length} seeds that once found something.`);
  }

  /** Until the minutes are over; simulation and real processes take half of them each. */
  async schedules(): Promise<void> {
    const { minutes, seed, only, startReal, say } = this.options;
    if (startReal) say('Starting real services …');
    const real = await startReal?.();
    const until = performance.now() + minutes * 60_000;
    try {
      const faults = (real?.faults ?? []).filter(({ fault }) => [fault, undefined].includes(only));
      let [simulatedMs, realMs, next] = [0, 0, 0];
      for (let at = seed; performance.now() < until; at += 1) {
        const begun = performance.now();
        await this.#simulate(composeSchedule(at, only), only, (at - seed) % REPEATED === 0);
        simulatedMs += performance.now() - begun;
        if (faults.length === 0 || realMs > simulatedMs) continue;
        const fault = faults[next % faults.length]!;
        const realBegun = performance.now();
        const run = await fault.run(at);
        this.tally.addReal(fault, run);
        for (const { kind, what } of run.violations) {
          say(`VIOLATION of fault ${fault.fault}, ${fault.name} (real): ${kind}: ${what}`);
        }
        next += 1;
        realMs += performance.now() - realBegun;
      }
    } finally {
      await real?.stop();
    }
    this.#progress(true);
  }

  async crashPoints(): Promise<void> {
    const { say } = this.options;
    const points = await crashPoints();
    this.tally.crashPoints.total = points.length;
    for (const point of points) {
      const { died, violations } = await crashAt(point);
      const { scenario, victim, step, what, when } = point;
      const where = `${victim} ${when.toLowerCase()} step ${step} (${what}), ${scenario.name}`;
      if (died) this.tally.addCrashPoint(violations);
      else say(`NOT TESTED: ${where}`);
      for (const each of violations) say(`VIOLATION at ${where}: ${each.kind}: ${each.what}`);
    }
    const { total, tested } = this.tally.crashPoints;
    say(`Crash points: ${tested} of ${total} tested.`);
  }

  async planted(): Promise<void> {
    const { seed, say } = this.options;
    for (const bug of PLANTED_BUGS) {
      const { caught, runs, falseAlarms, ...where } = await hunt(bug, seed);
      this.tally.planted.push({ bug: bug.bug, caught: caught && falseAlarms === 0 });
      const found = `caught in run ${runs}, fault ${where.fault}, seed ${where.seed}`;
      say(`Planted: ${bug.bug}: ${caught ? found : `NOT CAUGHT in ${runs} runs`}`);
      if (falseAlarms > 0) say(`  ${falseAlarms} violations without it, in the same seeds`);
    }
  }

  async #simulate(schedule: Schedule, only: number | undefined, twice = false): Promise<void> {
    const result = await runSchedule(schedule);
    this.tally.addSchedule(schedule, result);
    this.#tell(schedule, only, result);
    if (twice) {
      const { traceDigest } = await runSchedule(schedule);
      if (traceDigest !== result.traceDigest) {
        throw new Error(`seed ${schedule.seed} does not come to the same twice`);
      }
    }
    this.#progress(false);
  }

  #tell(
    { seed, faults }: Schedule,
    only: number | undefined,
    { violations }: ScheduleResult,
  ): void {
    const { say } = this.options;
    if (violations.length === 0) return;
    const names = faults.map(({ fault }) => fault).join(', ');
    const replay = `--replay ${seed}${only === undefined ? '' : ` --only ${only}`}`;
    say(`VIOLATION in seed ${seed} (faults ${names}): npm run test:faults -- ${replay}`);
    for (const { at, kind, what } of violations.slice(0, 5)) say(`  ${at} ms: ${kind}: ${what}`);
    if (violations.length > 5) say(`  and ${violations.length - 5} more`);
  }

  #progress(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#saidAt < PROGRESS_EVERY_MS) return;
    this.#saidAt = now;
    const { per_fault: perFault } = this.tally.report(0, 0);
    const made = perFault.filter(({ runs }) => runs > 0).length;
    const { schedules, violations } = this.tally;
    this.options.say(
      `${schedules} schedules, ${made} of ${perFault.length} faults, ${violations} violations`,
    );
  }
}
