import { REAL_BUILD, type Build } from '../build.js';
import type { Violation } from '../oracle/violation.js';
import { settle } from '../settle.js';
import type { CrashAt } from '../simulation/process.js';
import { World } from '../world.js';
import { SCENARIO_TENANTS, SCENARIOS, type Scenario } from './scenarios.js';

/** Who is killed: the relay that leads, and the gatekeeper that consumes. */
const VICTIMS = ['relay-1', 'gatekeeper-1'] as const;
const SEED = 20_260_101;
const RESTART_AFTER_MS = 150;
/** The victims come first, and lead. */
const SECONDS_AFTER_MS = 200;

export type Victim = (typeof VICTIMS)[number];

/** One moment at which a process may die: at its `step`th I/O, before or after that takes effect. */
export interface CrashPoint {
  readonly scenario: Scenario;
  readonly victim: Victim;
  readonly step: number;
  readonly what: string;
  readonly when: 'BEFORE' | 'AFTER';
}

export interface CrashResult {
  /** Whether the process died there, as it was to. */
  readonly died: boolean;
  readonly violations: readonly Violation[];
}

/** Every crash point there is, from the recorded I/O of a run in which nobody dies. */
export async function crashPoints(build: Build = REAL_BUILD): Promise<CrashPoint[]> {
  const points: CrashPoint[] = [];
  for (const scenario of SCENARIOS) {
    const recorded = new Map<Victim, string[]>(VICTIMS.map((victim) => [victim, []]));
    const violations = await play(scenario, build, (process, what) => {
      recorded.get(process as Victim)?.push(what);
      return 'NOT';
    });
    if (violations.length > 0) throw new Error(`${scenario.name}: ${violations[0]!.what}`);
    for (const [victim, steps] of recorded) {
      for (const [index, what] of steps.entries()) {
        for (const when of ['BEFORE', 'AFTER'] as const) {
          points.push({ scenario, victim, step: index + 1, what, when });
        }
      }
    }
  }
  return points;
}

/** Plays the story with a death at the point, a restart, and time to settle. */
export async function crashAt(
  { scenario, victim, step, when }: CrashPoint,
  build: Build = REAL_BUILD,
): Promise<CrashResult> {
  let steps = 0;
  let died = false;
  const violations = await play(scenario, build, (process) => {
    if (process !== victim) return 'NOT';
    steps += 1;
    if (steps !== step) return 'NOT';
    died = true;
    return when;
  });
  return { died, violations };
}

async function play(
  { lengthMs, settings, plan }: Scenario,
  build: Build,
  crash: CrashAt,
): Promise<readonly Violation[]> {
  let isOver = false;
  const world: World = new World({
    ...{ seed: SEED, build, settings },
    crashAt: (process, what) => {
      const verdict = isOver ? 'NOT' : crash(process, what);
      if (verdict !== 'NOT') restartSoon(world, process);
      return verdict;
    },
  });
  plan(world);
  world.start(SCENARIO_TENANTS, SECONDS_AFTER_MS);
  // Both replicas hold both tenants, so that they follow too.
  world.time.after(2 * SECONDS_AFTER_MS, 'both are asked', () => {
    for (const host of world.gatekeepers) {
      for (const tenantId of SCENARIO_TENANTS) void host.running()?.reader.read(tenantId);
    }
  });
  await world.time.pass(lengthMs);
  isOver = true;
  await settle(world, { underWay: 0 });
  return world.judge.violations;
}

function restartSoon(world: World, name: string): void {
  const look = (): void => {
    const host = [...world.relays, ...world.gatekeepers].find(
      ({ process }) => process.name === name,
    );
    if (!host || host.process.life) world.time.after(RESTART_AFTER_MS, 'not dead yet', look);
    else host.start();
  };
  world.time.after(RESTART_AFTER_MS, `${name} starts again`, look);
}
