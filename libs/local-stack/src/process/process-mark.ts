import { readFileSync } from 'node:fs';

/**
 * A process told apart from a later one that got the same pid: `startedAt` is the kernel's start
 * time in clock ticks since boot, empty where there is no /proc.
 */
export interface ProcessMark {
  readonly pid: number;
  readonly startedAt: string;
}

export function markProcess(pid: number): ProcessMark {
  return { pid, startedAt: readStat(pid)?.startedAt ?? '' };
}

/** Whether that very process still runs; one that ended and waits for its parent does not. */
export function isRunning(mark: ProcessMark): boolean {
  const stat = readStat(mark.pid);
  if (stat) return stat.state !== 'Z' && stat.startedAt === mark.startedAt;
  return mark.startedAt === '' && acceptsSignals(mark.pid);
}

/** The processes that `pid` has started and that still run, where there is a /proc. */
export function markChildren(pid: number): readonly ProcessMark[] {
  try {
    const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    return pids.filter(Boolean).map((child) => markProcess(Number(child)));
  } catch {
    return [];
  }
}

/** proc_pid_stat(5): the state is the first field after the name, the start time the twentieth. */
function readStat(pid: number): { state: string; startedAt: string } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name stands in parentheses and may itself contain spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', startedAt: fields[19] ?? '' };
}

function acceptsSignals(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
