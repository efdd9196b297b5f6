import { Command } from 'commander';
import { type BenchRow, percentile, runBench } from './bench/bench-report.js';
import { measureDecisions } from './bench/policy/access-speed.js';
import {
  measurePolicy,
  measureTenant,
  type BuildAndChange,
} from './bench/policy/build-and-change.js';
import { measureChecks, type CheckSpeed } from './bench/policy/check-speed.js';
import { measureLists, type ListSpeed } from './bench/policy/list-speed.js';
import { measureMatrix } from './bench/policy/matrix-speed.js';
import { randomOf, type Random } from './bench/policy/matrix.js';

const SIZES = [
  ['1k', 1_100],
  ['11k', 11_000],
  ['110k', 110_000],
  ['1m', 1_000_000],
] as const;
const REQUESTS = 100_000;
const ROUNDS = 5;
const CHANGES = 20_000;

const options = new Command('npm run bench:policy --')
  .description(
    'Measures decisions of the access model, and the compiled policy on RBAC with domains: a check ' +
      'beside nested hash maps (and node-casbin), in turns within one process, and what a million ' +
      'rules cost to build and to change.',
  )
  .option('--json <file>', 'write the figures as JSON too')
  .option(
    '--matrix <file>',
    'decide about every pair of a user-permission matrix too (.txt or .txt.gz: a user and a ' +
      'permission a line)',
  )
  .parse()
  .opts<{ json?: string; matrix?: string }>();

await runBench(measure, options.json);

async function measure(): Promise<BenchRow[]> {
  const random = randomOf(42);
  const settings = { runs: 3, changes: CHANGES };
  // First, while there is nothing else in memory.
  console.log('  building and changing a million rules of Casbin');
  const policy = await measurePolicy(1_000_000, random, settings);
  console.log('  building and changing a tenant of a million rules');
  const tenant = await measureTenant(1_000_000, random, settings);
  console.log('  lists of a thousand in it');
  const lists = measureLists(1_000_000, 20);
  const checks: BenchRow[] = [];
  for (const [name, rules] of SIZES) {
    console.log(`  ${REQUESTS} checks, ${ROUNDS} rounds, at ${rules} rules`);
    const asked = { rounds: ROUNDS, requests: REQUESTS };
    const withCasbin = name === '110k';
    const compiled = await measureChecks(rules, random, { ...asked, withCasbin });
    const decisions = measureDecisions(rules, random, asked);
    checks.push(...speedRows(`check_${name}`, compiled), ...casbinRows(name, compiled));
    checks.push(...speedRows(`access_${name}`, decisions));
  }
  const builds = [...buildRows('', policy), ...buildRows('access_', tenant)];
  return [...checks, ...builds, ...listRows(lists), ...matrixRows(random)];
}

function matrixRows(random: Random): BenchRow[] {
  if (options.matrix === undefined) return [];
  console.log(`  every pair of ${options.matrix}`);
  const speed = measureMatrix(options.matrix, random, { rounds: ROUNDS, requests: REQUESTS });
  const { ours, flat, each } = speed;
  const note = `all ${speed.pairs} pairs as in the file`;
  return [
    { id: 'matrix_us', value: median(ours), unit: 'µs', runs: ours, note },
    { id: 'matrix_flat_us', value: median(flat), unit: 'µs', runs: flat, note: 'a map of sets' },
    { id: 'matrix_p99_us', value: percentile(each, 0.99), unit: 'µs', note: 'timed singly' },
  ];
}

function listRows({ scopesMs, principalsMs, explainMs }: ListSpeed): BenchRow[] {
  const row = (id: string, runs: readonly number[]): BenchRow => ({
    ...{ id, value: median(runs), unit: 'ms', runs },
  });
  const slower = median(scopesMs) > median(principalsMs) ? scopesMs : principalsMs;
  return [
    row('list_1000_scopes_ms', scopesMs),
    row('list_1000_principals_ms', principalsMs),
    row('list_1000_ms', slower),
    row('explain_1m_ms', explainMs),
  ];
}

function buildRows(prefix: string, measured: BuildAndChange): BenchRow[] {
  const { buildSeconds, bytesPerRule, applyMs, stallMs } = measured;
  const note = `${CHANGES} changes, one at a time`;
  const [s, ms] = ['s', 'ms'];
  return [
    { id: `${prefix}build_1m_s`, value: median(buildSeconds), unit: s, runs: buildSeconds },
    { id: `${prefix}bytes_per_rule_1m`, value: bytesPerRule, unit: 'bytes' },
    { id: `${prefix}apply_1m_p50_ms`, value: percentile(applyMs, 0.5), unit: ms, note },
    { id: `${prefix}apply_1m_p99_ms`, value: percentile(applyMs, 0.99), unit: ms, note },
    { id: `${prefix}apply_1m_max_ms`, value: Math.max(...applyMs), unit: ms, note },
    { id: `${prefix}apply_1m_stall_ms`, value: stallMs, unit: ms, note: 'of the event loop' },
  ];
}

function speedRows(id: string, { ours, floor, each }: Omit<CheckSpeed, 'casbin'>): BenchRow[] {
  const ratios = ours.map((us, round) => us / floor[round]!);
  return [
    { id: `${id}_us`, value: median(ours), unit: 'µs', runs: ours, note: 'fresh strings' },
    { id: `${id}_floor_us`, value: median(floor), unit: 'µs', runs: floor },
    {
      id: `${id}_vs_floor`,
      value: median(ratios),
      unit: '× its time',
      runs: ratios,
      note: 'nested hash maps, same requests, in turns',
    },
    { id: `${id}_p99_us`, value: percentile(each, 0.99), unit: 'µs', note: 'timed singly' },
  ];
}

function casbinRows(name: string, { ours, casbin }: CheckSpeed): BenchRow[] {
  if (casbin.length === 0) return [];
  const times = casbin.map((us, round) => us / ours[round]!);
  const note = `enforceSync took ${(median(casbin) / 1_000).toFixed(1)} ms`;
  const id = `check_${name}_vs_node_casbin`;
  return [{ id, value: median(times), unit: '× faster', runs: times, note }];
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
