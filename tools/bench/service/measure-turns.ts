import type { Progress } from '../../demo/progress.js';
import { percentile } from '../bench-report.js';
import type { LoadGenerator } from './load-generator.js';
import { processorSeconds } from './processor-time.js';

/** What is asked, and in which process it runs. */
export interface Target {
  readonly url: string;
  readonly pid: number;
  readonly bodies: readonly string[];
  readonly headers: () => Promise<Record<string, string>>;
}

/** One figure a round of each. */
export interface TargetSpeed {
  readonly perSecond: number[];
  readonly p99Ms: number[];
  /** Of the process that answers, µs a request. */
  readonly processorUs: number[];
}

export interface Turns {
  readonly rounds: number;
  readonly connections: number;
  readonly milliseconds: number;
  readonly progress: Progress;
}

/**
 * Asks each target alone, one after the other, round after round, every other round in the opposite
 * order: what disturbs the machine for a while disturbs all of them. One more round before is not counted.
 */
export async function measureInTurns<Name extends string>(
  generator: LoadGenerator,
  targets: Readonly<Record<Name, Target>>,
  { rounds, connections, milliseconds, progress }: Turns,
): Promise<Record<Name, TargetSpeed>> {
  const names = Object.keys(targets) as Name[];
  const speeds = Object.fromEntries(
    names.map((name) => [name, { perSecond: [], p99Ms: [], processorUs: [] }]),
  ) as unknown as Record<Name, TargetSpeed>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const { url, pid, bodies, headers } = targets[name];
      const load = { url, headers: await headers(), bodies, connections, milliseconds };
      const before = processorSeconds(pid);
      const { seconds, latenciesMs } = await generator.send(load);
      const busySeconds = processorSeconds(pid) - before;
      progress.advance();
      if (round === 0) continue;
      speeds[name].perSecond.push(latenciesMs.length / seconds);
      speeds[name].p99Ms.push(percentile(latenciesMs, 0.99));
      speeds[name].processorUs.push((busySeconds / latenciesMs.length) * 1e6);
    }
  }
  return speeds;
}
