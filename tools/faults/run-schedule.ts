import type { Build } from './build.js';
import type { Violation } from './oracle/violation.js';
import { settle } from './settle.js';
import { Workload, type WorkloadSettings } from './workload/workload.js';
import { TENANTS, World } from './world.js';

/** What can be made to go wrong, and with what the world goes on meanwhile. */
export interface Scene {
  readonly world: World;
  readonly workload: Workload;
}

export interface ScheduleOptions {
  readonly seed: number;
  readonly build?: Build;
  readonly keepTrace?: boolean;
  /** How long everything goes on before the faults end, virtual ms. */
  readonly lengthMs: number;
  /** Plans what goes wrong, before anything has started. */
  readonly disturb: (scene: Scene) => void;
}

export interface ScheduleResult {
  readonly violations: readonly Violation[];
  /** From the end of the faults until all was right, virtual ms; null: it never was. */
  readonly recoveryMs: number | null;
  /** From the commit of each revocation until nobody answered from before it, virtual ms. */
  readonly revokeMs: readonly number[];
  readonly commits: number;
  readonly answers: number;
  readonly allows: number;
  /** Equal for equal seeds, and for nothing else. */
  readonly traceDigest: string;
  readonly trace: readonly string[];
}

const WORKLOAD: WorkloadSettings = {
  writeEveryMs: 1_200,
  clients: 4,
  askEveryMs: 150,
  lostAnswers: 0.02,
  freezes: 0,
  atLeasts: 0.3,
  tenantIds: TENANTS,
};

/** One run from beginning to end: everything in it follows from the options. */
export async function runSchedule(options: ScheduleOptions): Promise<ScheduleResult> {
  const world = new World(options);
  const { time, judge, history } = world;
  const workload = new Workload(world, { ...WORKLOAD });
  history.onCommitted = (revision) => workload.noteCommitted(revision);
  time.onStep.add(() => workload.enforcement.look());
  options.disturb({ world, workload });
  world.start();
  workload.start();
  await time.pass(options.lengthMs);
  workload.stop();
  const recoveryMs = await settle(world, workload);
  return {
    violations: judge.violations,
    recoveryMs,
    revokeMs: workload.enforcement.tookMs,
    commits: workload.commits,
    answers: judge.answers,
    allows: judge.allows,
    traceDigest: time.trace.digest(),
    trace: time.trace.lines,
  };
}
