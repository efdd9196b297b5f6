import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { LocalStackError } from '../local-stack-error.js';
import { removePidFile, writePidFile } from './pid-file.js';

/** How a watched process is asked to end, and how long it may take before it is killed. */
export interface StopManner {
  readonly signal: NodeJS.Signals;
  readonly graceMs: number;
}

const SCRIPT = fileURLToPath(new URL('./watchdog-process.mjs', import.meta.url));

/**
 * Ends what this process started when this process ends, in whatever way: a process of its own
 * holds a pipe from this one and acts when the pipe closes.
 */
export class Watchdog {
  private constructor(
    private readonly process: ChildProcess,
    private readonly instructions: Socket,
    private readonly pidFile: string,
  ) {}

  static start({ pidFile, logFile }: { pidFile: string; logFile: string }): Watchdog {
    const log = openSync(logFile, 'a');
    const child = spawn(process.execPath, [SCRIPT], {
      // A session of its own: Ctrl-C reaches the starter's process group only.
      detached: true,
      cwd: '/',
      stdio: ['pipe', log, log],
      env: {},
    });
    closeSync(log);
    if (child.pid === undefined) throw new LocalStackError('The watchdog process did not start.');
    writePidFile(pidFile, child.pid);
    const instructions = child.stdin as Socket;
    // A watchdog that has died shows in its exit code, which `watch` looks at.
    instructions.on('error', () => undefined);
    // Neither it nor its pipe keeps the starter alive.
    child.unref();
    instructions.unref();
    return new Watchdog(child, instructions, pidFile);
  }

  /** From now on the process group of `pid` ends with this process. */
  watch(pid: number, { signal, graceMs }: StopManner): void {
    if (this.hasEnded()) {
      throw new LocalStackError(
        'The watchdog, which ends the stack should this process be killed, is gone itself. ' +
          'Stop this stack and start it again.',
      );
    }
    this.instructions.write(`watch ${pid} ${signal} ${graceMs}\n`);
  }

  /** The process has ended; its pid may soon belong to another. */
  forget(pid: number): void {
    if (!this.hasEnded()) this.instructions.write(`forget ${pid}\n`);
  }

  /** Ends the watchdog, and with it whatever is still watched. */
  async stop(): Promise<void> {
    if (this.hasEnded()) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.ref();
    this.instructions.end();
    await ended;
    removePidFile(this.pidFile);
  }

  private hasEnded(): boolean {
    return this.process.exitCode !== null || this.process.signalCode !== null;
  }
}
