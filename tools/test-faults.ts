import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { LocalStackError } from '@bastion/local-stack';
import { Command, InvalidArgumentError } from 'commander';
import { Campaign, composeSchedule, FAULTS, runSchedule } from './faults/index.js';
import { startRealFaults } from './faults/real/index.js';
import { minutes, wholeNumber } from './options.js';

const table = FAULTS.map(({ fault, name }) => `  ${String(fault).padStart(2)}  ${name}`);

const options = new Command('npm run test:faults --')
  .description(
    'Makes everything go wrong that the sync between the services must survive: schedules of ' +
      'faults in a deterministic simulation and, in turns, against real processes; then a kill -9 ' +
      'at every single I/O step; then bugs planted on purpose, each of which must be caught. ' +
      'Exits with 1 at any violation and for any bug that is not caught.',
  )
  .option('--minutes <n>', 'how long schedules are made, before the rest', minutes, 5)
  .option(
    '--seed <n>',
    'of the first schedule; each next one takes the next',
    wholeNumber(0),
    fresh(),
  )
  .option('--report <file>', 'write the figures as JSON too')
  .option('--only <fault>', 'make this fault alone', anyFault)
  .option('--planted', 'hunt the planted bugs and do nothing else')
  .option('--simulated', 'leave the real processes out')
  .option(
    '--replay <seed>',
    'run one schedule (with --only as it was) and print all of it',
    wholeNumber(0),
  )
  .addHelpText('after', `\nFaults:\n${table.join('\n')}`)
  .addHelpText(
    'after',
    '\nIn the report `revoke_ms` and `recovery_ms` are real milliseconds where real processes took ' +
      'part, and virtual ones of the simulation elsewhere.',
  )
  .parse()
  .opts<{
    minutes: number;
    seed: number;
    report?: string;
    only?: number;
    planted?: true;
    simulated?: true;
    replay?: number;
  }>();

try {
  process.exitCode = options.replay === undefined ? await campaign() : await replay(options.replay);
} catch (error) {
  if (!(error instanceof LocalStackError)) throw error;
  console.error(`${error.message}\nWithout real processes: --simulated`);
  process.exitCode = 1;
}

async function campaign(): Promise<number> {
  const { seed, only, report } = options;
  console.log(`Seed ${seed}.`);
  const startReal = options.simulated ? undefined : startRealFaults;
  const made = new Campaign({ minutes: options.minutes, seed, only, startReal, say: console.log });
  if (options.planted) await made.planted();
  else await made.run();
  const figures = made.tally.report(seed, options.minutes);
  if (made.tally.schedules > 0) {
    const { p50, p99, max } = figures.revoke_ms;
    const time = made.tally.areRevokesReal ? 'real' : 'virtual';
    console.log(`Revocation to last replica: p50 ${p50}, p99 ${p99}, max ${max} ms, ${time}.`);
  }
  if (report !== undefined) {
    mkdirSync(dirname(report), { recursive: true });
    writeFileSync(report, `${JSON.stringify(figures, null, 2)}\n`);
  }
  console.log(made.isGood ? 'Everything was as it must be.' : 'NOT everything was as it must be.');
  return made.isGood ? 0 : 1;
}

async function replay(seed: number): Promise<number> {
  const schedule = composeSchedule(seed, options.only);
  const { violations, trace, recoveryMs } = await runSchedule({ ...schedule, keepTrace: true });
  for (const line of trace) console.log(line);
  const names = schedule.faults.map(({ fault, name }) => `${fault} (${name})`).join(', ');
  console.log(`\nSeed ${seed}: ${names}; recovered after ${recoveryMs ?? 'never'} ms.`);
  for (const { at, kind, what } of violations) console.log(`  ${at} ms: ${kind}: ${what}`);
  console.log(`${violations.length} violations.`);
  return violations.length === 0 ? 0 : 1;
}

function fresh(): number {
  return Date.now() % 1_000_000_000;
}

function anyFault(text: string): number {
  const value = Number(text);
  if (!FAULTS.some(({ fault }) => fault === value)) {
    throw new InvalidArgumentError(`one of ${FAULTS.map(({ fault }) => fault).join(', ')}`);
  }
  return value;
}
