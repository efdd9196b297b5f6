import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { LocalStackError } from '../local-stack-error.js';
import { logEnd, type LogPosition, logTail } from './log-tail.js';
import { removePidFile, writePidFile } from './pid-file.js';
import type { UnixUser } from './unix-user.js';
import { waitUntil } from './wait-until.js';
import type { StackGround } from '../stack-ground.js';
import type { StopManner } from './watchdog.js';

export interface ProcessSpec {
  /** As messages, its log and its pid file name it: `PostgreSQL`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the process: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly folder: string;
  readonly user?: UnixUser | undefined;
  readonly stop: StopManner;
}

const SHOWN_LOG_LINES = 20;

/** A process of the stack: writes to a log file, ends with this process, and is started once. */
export class ManagedProcess {
  readonly pid: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  private running = true;
  /** Whether its end would come as a surprise. */
  private serving = false;

  private constructor(
    private readonly spec: ProcessSpec,
    private readonly child: ChildProcess,
    private readonly logFile: string,
    private readonly logStart: LogPosition,
    ground: StackGround,
  ) {
    this.pid = child.pid!;
    const pidFile = ground.state.pidFile(spec.name);
    writePidFile(pidFile, this.pid);
    ground.watchdog.watch(this.pid, spec.stop);
    this.ended = once(child, 'exit').then(() => {
      this.running = false;
      ground.watchdog.forget(this.pid);
      removePidFile(pidFile);
      if (this.serving) ground.lost(this.describe(`${spec.name} ended by itself`));
    });
  }

  /** @throws LocalStackError when the command cannot run */
  static async start(spec: ProcessSpec, ground: StackGround): Promise<ManagedProcess> {
    const logFile = ground.state.logFile(spec.name);
    const log = openSync(logFile, 'a');
    const logStart = logEnd(logFile);
    const child = spawn(spec.command, spec.args, {
      cwd: spec.folder,
      env: spec.env,
      stdio: ['ignore', log, log],
      // A process group of its own: Ctrl-C reaches the starter alone, which stops the parts in order.
      detached: true,
      ...(spec.user && { uid: spec.user.uid, gid: spec.user.gid }),
    });
    closeSync(log);
    if (child.pid === undefined) {
      const [error] = (await once(child, 'error')) as [Error];
      throw new LocalStackError(`${spec.name} could not be started: ${error.message}`);
    }
    return new ManagedProcess(spec, child, logFile, logStart, ground);
  }

  get isRunning(): boolean {
    return this.running;
  }

  /** The last lines this process wrote. */
  lastLines(count = SHOWN_LOG_LINES): string[] {
    return logTail(this.logFile, this.logStart, count);
  }

  /**
   * Waits until `probe` says that the process serves.
   * @throws LocalStackError with the last log lines when it ends first or takes longer than `timeoutMs`
   */
  async untilReady(probe: () => Promise<boolean>, timeoutMs: number): Promise<void> {
    const settled = async () => !this.running || (await probe());
    const inTime = await waitUntil(settled, timeoutMs);
    if (inTime && this.running) {
      this.serving = true;
      return;
    }
    const problem = this.running
      ? `${this.spec.name} was not ready within ${timeoutMs / 1000} s`
      : `${this.spec.name} ended while starting`;
    throw new LocalStackError(this.describe(problem));
  }

  /** Asks the process to end, and kills it when it takes longer than it may. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.serving = false;
    this.child.kill(this.spec.stop.signal);
    const timer = setTimeout(() => this.killGroup(), this.spec.stop.graceMs);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends the process at once, as a crash would. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.serving = false;
    this.killGroup();
    await this.ended;
  }

  private describe(problem: string): string {
    return [`${problem}. Its last lines (${this.logFile}):`, ...this.lastLines()].join('\n  ');
  }

  private killGroup(): void {
    process.kill(-this.pid, 'SIGKILL');
  }
}
