import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { type BenchRow, percentile, renderTable, writeReport } from './bench/bench-report.js';
import { measureBuildAndChange } from './bench/policy/build-and-change.js';
import { measureChecks, type CheckSpeed } from './bench/policy/check-speed.js';
import { randomOf } from './bench/policy/matrix.js';

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
    'Measures the compiled policy on RBAC with domains: a check beside node-casbin and nested hash ' +
      'maps, in turns within one process, and what a million rules cost to build and to change.',
  )
  .option('--json <file>', 'write the figures as JSON too')
  .parse()
  .opts<{ json?: string }>();

const rows = await measure();
console.log(`\n${renderTable(rows)}`);
if (options.json !== undefined) {
  mkdirSync(dirname(options.json), { recursive: true });
  writeReport(options.json, rows);
}

async function measure(): Promise<BenchRow[]> {
  const random = randomOf(42);
  // First, while there is nothing else in memory.
  console.log('  building and changing a million rules');
  const changed = await measureBuildAndChange(1_000_000, random, { runs: 3, changes: CHANGES });
  const checks: BenchRow[] = [];
  for (const [name, rules] of SIZES) {
    console.log(`  ${REQUESTS} checks, ${ROUNDS} rounds, at ${rules} rules`);
    const withCasbin = name === '110k';
    const speed = await measureChecks(rules, random, {
      ...{ rounds: ROUNDS, requests: REQUESTS, withCasbin },
    });
    checks.push(...checkRows(name, speed));
  }
  const { buildSeconds, applyMs } = changed;
  const note = `${CHANGES} changes, one at a time`;
  return [
    ...checks,
    { id: 'build_1m_s', value: median(buildSeconds), unit: 's', runs: buildSeconds },
    { id: 'bytes_per_rule_1m', value: changed.bytesPerRule, unit: 'bytes' },
    { id: 'apply_1m_p50_ms', value: percentile(applyMs, 0.5), unit: 'ms', note },
    { id: 'apply_1m_p99_ms', value: percentile(applyMs, 0.99), unit: 'ms', note },
    { id: 'apply_1m_max_ms', value: Math.max(...applyMs), unit: 'ms', note },
    { id: 'apply_1m_stall_ms', value: changed.stallMs, unit: 'ms', note: 'of the event loop' },
  ];
}

function checkRows(name: string, { ours, floor, casbin, each }: CheckSpeed): BenchRow[] {
  const ratios = ours.map((us, round) => us / floor[round]!);
  const rows: BenchRow[] = [
    { id: `check_${name}_us`, value: median(ours), unit: 'µs', runs: ours, note: 'fresh strings' },
    { id: `check_${name}_floor_us`, value: median(floor), unit: 'µs', runs: floor },
    {
      id: `check_${name}_vs_floor`,
      value: median(ratios),
      unit: '× its time',
      runs: ratios,
      note: 'nested hash maps, same requests, in turns',
    },
    { id: `check_${name}_p99_us`, value: percentile(each, 0.99), unit: 'µs', note: 'timed singly' },
  ];
  if (casbin.length === 0) return rows;
  const times = casbin.map((us, round) => us / ours[round]!);
  rows.push({
    id: `check_${name}_vs_node_casbin`,
    value: median(times),
    unit: '× faster',
    runs: times,
    note: `enforceSync took ${(median(casbin) / 1_000).toFixed(1)} ms`,
  });
  return rows;
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}
