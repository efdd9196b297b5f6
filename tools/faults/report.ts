import { percentile } from '../bench/bench-report.js';
import type { ScheduleResult } from './run-schedule.js';
import type { RealFault, RealRun } from './real/index.js';
import { FAULTS, type Schedule } from './schedules/compose.js';
import type { Violation, ViolationKind } from './oracle/violation.js';

/**
 * What a campaign writes with `--report`. `recovery_ms`: the longest from the end of the faults until
 * all was right. Times are real where the fault was also made against real processes, and virtual
 * elsewhere; `revoke_ms` is real as soon as there were any.
 */
export interface FaultReport {
  readonly seed: number;
  readonly minutes: number;
  readonly schedules: number;
  readonly crash_points: { readonly total: number; readonly tested: number };
  readonly lost: number;
  readonly phantom: number;
  readonly stale_allows: number;
  readonly cross_tenant: number;
  readonly planted: readonly { readonly bug: string; readonly caught: boolean }[];
  readonly revoke_ms: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly per_fault: readonly {
    readonly fault: number;
    readonly runs: number;
    readonly violations: number;
    readonly recovery_ms: number;
  }[];
}

interface FaultTally {
  runs: number;
  violations: number;
  simulatedMs: number;
  realMs: number | undefined;
}

/** Counts what a campaign comes to. */
export class Tally {
  schedules = 0;
  readonly crashPoints = { total: 0, tested: 0 };
  readonly planted: { readonly bug: string; readonly caught: boolean }[] = [];
  readonly #seen = new Map<ViolationKind, number>();
  readonly #perFault = new Map<number, FaultTally>();
  readonly #simulatedRevokeMs: number[] = [];
  readonly #realRevokeMs: number[] = [];

  /** All violations, of whatever kind, wherever they were seen. */
  get violations(): number {
    return [...this.#seen.values()].reduce((sum, count) => sum + count, 0);
  }

  get areRevokesReal(): boolean {
    return this.#realRevokeMs.length > 0;
  }

  addSchedule({ faults }: Schedule, result: ScheduleResult): void {
    this.schedules += 1;
    this.#see(result.violations);
    this.#simulatedRevokeMs.push(...result.revokeMs);
    for (const { fault } of faults) {
      const tally = this.#of(fault);
      tally.runs += 1;
      tally.violations += result.violations.length;
      tally.simulatedMs = Math.max(tally.simulatedMs, result.recoveryMs ?? 0);
    }
  }

  addReal({ fault }: RealFault, run: RealRun): void {
    this.schedules += 1;
    this.#see(run.violations);
    this.#realRevokeMs.push(...run.revokeMs);
    const tally = this.#of(fault);
    tally.runs += 1;
    tally.violations += run.violations.length;
    tally.realMs = Math.max(tally.realMs ?? 0, run.recoveryMs);
  }

  /** A crash point is a run of the first fault: kill -9 at every I/O step. */
  addCrashPoint(violations: readonly Violation[]): void {
    this.crashPoints.tested += 1;
    this.#see(violations);
    const tally = this.#of(1);
    tally.runs += 1;
    tally.violations += violations.length;
  }

  report(seed: number, minutes: number): FaultReport {
    const seen = (kind: ViolationKind): number => this.#seen.get(kind) ?? 0;
    const revokeMs = this.areRevokesReal ? this.#realRevokeMs : this.#simulatedRevokeMs;
    return {
      ...{ seed, minutes, schedules: this.schedules, crash_points: this.crashPoints },
      lost: seen('LOST'),
      phantom: seen('PHANTOM'),
      stale_allows: seen('STALE_ALLOW'),
      cross_tenant: seen('CROSS_TENANT'),
      planted: this.planted,
      revoke_ms: {
        p50: rounded(percentile(revokeMs, 0.5)),
        p99: rounded(percentile(revokeMs, 0.99)),
        max: rounded(percentile(revokeMs, 1)),
      },
      per_fault: FAULTS.map(({ fault }) => {
        const { runs, violations, simulatedMs, realMs } = this.#of(fault);
        return { fault, runs, violations, recovery_ms: rounded(realMs ?? simulatedMs) };
      }),
    };
  }

  #see(violations: readonly { readonly kind: ViolationKind }[]): void {
    for (const { kind } of violations) this.#seen.set(kind, (this.#seen.get(kind) ?? 0) + 1);
  }

  #of(fault: number): FaultTally {
    const tally = this.#perFault.get(fault) ?? {
      ...{ runs: 0, violations: 0, simulatedMs: 0, realMs: undefined },
    };
    this.#perFault.set(fault, tally);
    return tally;
  }
}

function rounded(ms: number): number {
  return Number.isNaN(ms) ? 0 : Math.round(ms * 10) / 10;
}
