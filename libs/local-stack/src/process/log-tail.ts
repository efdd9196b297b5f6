import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** A place in a log file, in bytes: a run's own lines begin where it started. */
export type LogPosition = number;

const READ_BYTES = 64 * 1024;

export function logEnd(file: string): LogPosition {
  return statSync(file).size;
}

/** The last `count` lines written to the file after `start`; none of a file that was deleted since. */
export function logTail(file: string, start: LogPosition, count: number): string[] {
  if (!existsSync(file)) return [];
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const from = Math.max(start, size - READ_BYTES);
    const buffer = Buffer.alloc(Math.max(0, size - from));
    readSync(descriptor, buffer, 0, buffer.length, from);
    return buffer.toString('utf8').trimEnd().split('\n').slice(-count);
  } finally {
    closeSync(descriptor);
  }
}
