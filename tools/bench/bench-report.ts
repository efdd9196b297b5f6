import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { LocalStackError } from '@bastion/local-stack';

/** One measured figure. `runs` holds what it was taken from, where that is more than one number. */
export interface BenchRow {
  readonly id: string;
  readonly value: number;
  readonly unit: string;
  readonly runs?: readonly number[];
  /** What it is measured against, for people. */
  readonly note?: string;
}

/**
 * Measures, prints the figures as a table and writes them into a file, if one is named. What the stack
 * says to do about it is printed without a trace.
 */
export async function runBench(
  measure: () => Promise<BenchRow[]>,
  json: string | undefined,
): Promise<void> {
  try {
    const rows = await measure();
    console.log(`\n${renderTable(rows)}`);
    if (json !== undefined) writeReport(json, rows);
  } catch (error) {
    if (!(error instanceof LocalStackError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** Writes `{machine, rows}` as JSON, into a folder that need not be there yet. */
function writeReport(file: string, rows: readonly BenchRow[]): void {
  const machine = {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    platform: process.platform,
  };
  const plain = rows.map(({ id, value, unit, runs = [] }) => ({ id, value, unit, runs }));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ machine, rows: plain }, null, 2)}\n`);
}

/** A table for people. */
function renderTable(rows: readonly BenchRow[]): string {
  const cells = rows.map(({ id, value, unit, note = '' }) => [id, `${round(value)} ${unit}`, note]);
  const widths = [0, 1].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells
    .map(([id, value, note]) =>
      `${id!.padEnd(widths[0]!)}  ${value!.padStart(widths[1]!)}  ${note}`.trimEnd(),
    )
    .join('\n');
}

/** How long something takes, in milliseconds. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** The value that `share` (0 to 1) of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

function round(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
