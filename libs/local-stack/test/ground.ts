import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serverUser } from '../src/process/unix-user.js';
import { Watchdog } from '../src/process/watchdog.js';
import type { StackGround } from '../src/stack-ground.js';
import { StateFolder } from '../src/state/state-folder.js';

/** Where `npm start` unpacks RabbitMQ too, so that it is fetched once. */
export const CACHE = fileURLToPath(new URL('../../../.local/cache', import.meta.url));

/** A folder every account may enter, unlike what `mkdtemp` makes. */
export function temporaryFolder(): string {
  const path = mkdtempSync('/var/tmp/bastion-test-');
  chmodSync(path, 0o755);
  return path;
}

/** What the parts of a stack stand on, in a temporary folder. */
export interface TestGround extends StackGround {
  /** What was reported as lost. */
  readonly losses: readonly string[];
  /** Stops the watchdog, and with it whatever a failed test left running; deletes the folder. */
  clear(): Promise<void>;
}

export async function openGround(): Promise<TestGround> {
  const path = temporaryFolder();
  const user = serverUser();
  const state = await StateFolder.open({ path, user });
  const logFile = state.file('watchdog.log');
  const watchdog = Watchdog.start({ pidFile: state.watchdogFile, logFile });
  const losses: string[] = [];
  return {
    state,
    watchdog,
    user,
    losses,
    lost: (message) => losses.push(message),
    async clear() {
      await watchdog.stop();
      state.close();
      rmSync(path, { recursive: true });
    },
  };
}

/** The local addresses on which some process listens on the port, as /proc writes them. */
export function listeningAddresses(port: number): string[] {
  const suffix = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((table) => readFileSync(table, 'utf8').split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${suffix}`))
    .map(([, local]) => local?.split(':')[0] ?? '');
}

/** 127.0.0.1 and ::1 in the notation of /proc. */
export const LOOPBACK = ['0100007F', '00000000000000000000000001000000'];
