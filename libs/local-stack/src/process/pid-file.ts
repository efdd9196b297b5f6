import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isRunning, markProcess, type ProcessMark } from './process-mark.js';

/** Notes that process `pid` owns what the file stands for, until `removePidFile`. */
export function writePidFile(file: string, pid: number): void {
  writeFileSync(file, JSON.stringify(markProcess(pid)));
}

/**
 * Claims the file for this process.
 * @returns the pid of the living process that holds it, or undefined when the claim succeeded
 */
export function claimPidFile(file: string): number | undefined {
  try {
    // INVARIANT: `wx` creates or fails in one step, so of two starters only one gets the file.
    writeFileSync(file, JSON.stringify(markProcess(process.pid)), { flag: 'wx' });
    return undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = livingPid(file);
  if (holder !== undefined) return holder;
  rmSync(file, { force: true });
  return claimPidFile(file);
}

/** The process the file names, if it still runs. */
export function livingPid(file: string): number | undefined {
  const mark = readMark(file);
  return mark && isRunning(mark) ? mark.pid : undefined;
}

export function removePidFile(file: string): void {
  rmSync(file, { force: true });
}

function readMark(file: string): ProcessMark | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessMark;
  } catch {
    // No file, or one that was being written when the machine went down: nobody holds it.
    return undefined;
  }
}
