import { Command } from 'commander';
import { type BenchRow, percentile, runBench } from './bench/bench-report.js';
import { randomOf } from './bench/policy/matrix.js';
import { BenchWorld } from './bench/service/bench-world.js';
import { measureLocalChecks } from './bench/service/local-checks.js';
import { createMeasuredTenant } from './bench/service/measured-tenant.js';
import { measureServices, type ServiceSpeeds } from './bench/service/measure-services.js';
import type { TargetSpeed } from './bench/service/measure-turns.js';
import { askAtRandom } from './bench/service/questions.js';
import { wholeNumber } from './options.js';

/** Distinct ones. */
const QUESTIONS = 50_000;

const options = new Command('npm run bench:service --')
  .description(
    'Measures checks over HTTP, with authentication, validation and reasons, on a stack of its own: ' +
      'AuthZEN one by one and a hundred at a time, and GraphQL, beside a bare Fastify and a bare Apollo ' +
      'that answer equal bodies, beside Cerbos and beside SpiceDB, in turns.',
  )
  .option('--json <file>', 'write the figures as JSON too')
  .option('--rounds <n>', 'turns of each that are measured', wholeNumber(1), 10)
  .option('--seconds <n>', 'how long a turn is', wholeNumber(1), 3)
  .option('--connections <n>', 'connections, each with one request under way', wholeNumber(1), 32)
  .option(
    '--no-rivals',
    'without Cerbos and SpiceDB, which are installed from npm when first needed',
  )
  .parse()
  .opts<{
    json?: string;
    rounds: number;
    seconds: number;
    connections: number;
    rivals: boolean;
  }>();

await runBench(measure, options.json);

async function measure(): Promise<BenchRow[]> {
  console.log('Starting …');
  const world = await BenchWorld.start();
  try {
    const random = randomOf(42);
    const tenant = await createMeasuredTenant(world.platform, random);
    const questions = askAtRandom(tenant.facts, QUESTIONS, random);
    const speeds = await measureServices(world, tenant, questions, {
      ...options,
      milliseconds: options.seconds * 1_000,
      print: console.log,
    });
    console.log('  decisions without a network');
    const local = measureLocalChecks(tenant.facts, questions, 5);
    return [...rowsOf(speeds), rateRow('local_checks_per_s_core', local, 'in one process')];
  } finally {
    await world.stop();
  }
}

function rowsOf({ single, batch, graphql, spicedb, batchSize }: ServiceSpeeds): BenchRow[] {
  const { gatekeeper, echo, cerbos } = single;
  const checks = (speed: TargetSpeed) => speed.perSecond.map((rate) => rate * batchSize);
  return [
    ...speedRows('single', gatekeeper, 'gatekeeper, AuthZEN evaluation'),
    ...speedRows('single_echo', echo, 'bare Fastify'),
    ratioRow('single_vs_echo', gatekeeper.perSecond, echo.perSecond),
    ...(cerbos
      ? [
          ...speedRows('single_cerbos', cerbos, 'one trivial policy'),
          ratioRow('single_vs_cerbos', gatekeeper.perSecond, cerbos.perSecond),
        ]
      : []),
    ...(spicedb
      ? [
          rateRow('single_spicedb_per_s', spicedb, 'the same tenant, in process, in memory'),
          ratioRow('single_vs_spicedb', gatekeeper.perSecond, spicedb),
        ]
      : []),
    ...speedRows('batch100', batch.gatekeeper, 'gatekeeper, AuthZEN evaluations'),
    ...speedRows('batch100_echo', batch.echo, 'bare Fastify'),
    rateRow('batch100_checks_per_s', checks(batch.gatekeeper), '100 distinct ones a request'),
    ratioRow('batch100_vs_echo', batch.gatekeeper.perSecond, batch.echo.perSecond),
    ...speedRows('graphql', graphql.gatekeeper, 'gatekeeper, check'),
    ...speedRows('graphql_echo', graphql.echo, 'bare Apollo on Fastify'),
    ratioRow('graphql_vs_echo', graphql.gatekeeper.perSecond, graphql.echo.perSecond),
  ];
}

function speedRows(id: string, speed: TargetSpeed, note: string): BenchRow[] {
  const { perSecond, p99Ms, processorUs } = speed;
  return [
    rateRow(`${id}_per_s`, perSecond, note),
    { id: `${id}_p99_ms`, value: median(p99Ms), unit: 'ms', runs: p99Ms },
    {
      ...{ id: `${id}_cpu_us`, value: median(processorUs), unit: 'µs', runs: processorUs },
      note: 'of a processor, a request',
    },
  ];
}

function rateRow(id: string, runs: readonly number[], note: string): BenchRow {
  return { id, value: median(runs), unit: '/s', runs, note };
}

/** Of the medians; its runs are the ratios of each round. */
function ratioRow(id: string, ours: readonly number[], theirs: readonly number[]): BenchRow {
  const runs = ours.map((rate, round) => rate / theirs[round]!);
  return { id, value: median(ours) / median(theirs), unit: '× its rate', runs };
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
