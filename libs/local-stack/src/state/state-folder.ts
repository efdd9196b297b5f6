import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { assertEnterable } from './enterable.js';
import { LocalStackError } from '../local-stack-error.js';
import { claimPidFile, livingPid, removePidFile } from '../process/pid-file.js';
import type { UnixUser } from '../process/unix-user.js';
import { waitUntil } from '../process/wait-until.js';

export interface StateFolderOptions {
  /** Where everything the stack remembers lives; made if missing. */
  readonly path: string;
  /** Begin anew: whatever an earlier stack left there is deleted. */
  readonly fresh?: boolean | undefined;
  /** The account PostgreSQL and RabbitMQ run as, when it is not the caller's own. */
  readonly user: UnixUser | undefined;
}

/** Marks the folder as ours, so that nothing else is ever deleted, and says how it is laid out. */
const LAYOUT_FILE = 'layout';
const LAYOUT = 'bastion local stack 1\n';
const HOLDER_FILE = 'holder.pid';
const WATCHDOG_FILE = 'watchdog.pid';
const PROCESSES = 'processes';
/** A stack whose starter was killed is stopped by its watchdog; a broker needs up to 10 s of that. */
const PREDECESSOR_TIMEOUT_MS = 30_000;

/** The one folder a stack keeps its state in, held by one stack at a time. */
export class StateFolder {
  private constructor(
    readonly path: string,
    private readonly user: UnixUser | undefined,
  ) {}

  /**
   * Makes or opens the folder and holds it until `close`.
   * @throws LocalStackError when it is out of reach, in use, broken, or somebody else's
   */
  static async open({ path, fresh, user }: StateFolderOptions): Promise<StateFolder> {
    try {
      mkdirSync(path, { recursive: true });
      if (user) assertEnterable(path, user, 'The state folder');
      assertOurs(path);
      claim(path);
    } catch (error) {
      throw explainDenied(error, path);
    }
    const folder = new StateFolder(path, user);
    try {
      await folder.waitForPredecessor();
      folder.assertNothingRuns();
      if (fresh) folder.clear();
      folder.checkLayout();
    } catch (error) {
      folder.close();
      throw error;
    }
    return folder;
  }

  /** The path of something in the folder. */
  file(...names: string[]): string {
    return join(this.path, ...names);
  }

  /** A folder in the folder, made if missing. */
  folder(...names: string[]): string {
    const path = this.file(...names);
    mkdirSync(path, { recursive: true });
    return path;
  }

  /** A folder that belongs to the account PostgreSQL and RabbitMQ run as. */
  serverFolder(...names: string[]): string {
    const path = this.folder(...names);
    if (this.user) chownSync(path, this.user.uid, this.user.gid);
    return path;
  }

  /** A secret generated once and kept in a file that its owner alone may read. */
  secret(name: string): string {
    const file = this.secretFile(name);
    if (existsSync(file)) return readFileSync(file, 'utf8');
    const value = randomBytes(24).toString('base64url');
    writeFileSync(file, value, { mode: 0o600, flag: 'wx' });
    return value;
  }

  /** The path of a secret in a folder that its owner alone may enter. */
  secretFile(name: string): string {
    mkdirSync(this.file('secrets'), { recursive: true, mode: 0o700 });
    return this.file('secrets', name);
  }

  /** What a process of the stack writes, found by its name: `logs/rabbitmq.log`. */
  logFile(process: string): string {
    return join(this.folder('logs'), `${process.toLowerCase()}.log`);
  }

  /** Where a process of the stack is noted while it runs. */
  pidFile(process: string): string {
    return join(this.folder(PROCESSES), `${process.toLowerCase()}.pid`);
  }

  /** Where the watchdog of the stack in this folder notes itself. */
  get watchdogFile(): string {
    return this.file(WATCHDOG_FILE);
  }

  /** Lets go of the folder; what it holds stays. */
  close(): void {
    removePidFile(this.file(HOLDER_FILE));
  }

  private async waitForPredecessor(): Promise<void> {
    const ended = () => livingPid(this.watchdogFile) === undefined;
    if (await waitUntil(ended, PREDECESSOR_TIMEOUT_MS)) return;
    throw new LocalStackError(
      `An earlier stack in ${this.path} is still being stopped (pid ${livingPid(this.watchdogFile)}). ` +
        `Wait for it to end, or use another state folder.`,
    );
  }

  /** Only when its watchdog was killed too has a stack left anything running. */
  private assertNothingRuns(): void {
    const leftovers = readdirSync(this.folder(PROCESSES)).flatMap((name) => {
      const pid = livingPid(this.file(PROCESSES, name));
      return pid === undefined ? [] : [{ pid, name: name.replace(/\.pid$/, '') }];
    });
    if (leftovers.length === 0) return;
    const names = leftovers.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ');
    throw new LocalStackError(
      `An earlier stack in ${this.path} has left running: ${names}. ` +
        `End it with \`kill ${leftovers.map(({ pid }) => pid).join(' ')}\`, then start again.`,
    );
  }

  private clear(): void {
    for (const name of readdirSync(this.path)) {
      if (name !== HOLDER_FILE) rmSync(this.file(name), { recursive: true });
    }
  }

  private checkLayout(): void {
    const file = this.file(LAYOUT_FILE);
    if (!existsSync(file)) {
      writeFileSync(file, LAYOUT);
      return;
    }
    if (readFileSync(file, 'utf8') !== LAYOUT) {
      throw brokenState(`The state folder ${this.path} was made by another version.`);
    }
  }
}

/** What to say when state is there but unusable. */
export function brokenState(problem: string, cause?: unknown): LocalStackError {
  return new LocalStackError(
    `${problem} Start with --fresh to delete it and begin anew, or use another state folder.`,
    { cause },
  );
}

/** INVARIANT: a folder that holds files but not our mark is never written to, let alone deleted. */
function assertOurs(path: string): void {
  const names = readdirSync(path);
  if (names.length === 0 || names.includes(LAYOUT_FILE) || names.includes(HOLDER_FILE)) return;
  throw new LocalStackError(
    `${path} holds files that no stack put there (${names.slice(0, 3).join(', ')}). ` +
      `Use another state folder.`,
  );
}

function claim(path: string): void {
  const holder = claimPidFile(join(path, HOLDER_FILE));
  if (holder === undefined) return;
  throw new LocalStackError(
    `Another stack (pid ${holder}) runs in ${path}. Stop it first, or use another state folder.`,
  );
}

function explainDenied(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') return error;
  return new LocalStackError(
    `The state folder ${path} cannot be written by this account (${code}). ` +
      `Use another state folder, or start as the account that owns it.`,
    { cause: error },
  );
}
