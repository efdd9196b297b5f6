import type { StateFolder } from './state/state-folder.js';
import type { UnixUser } from './process/unix-user.js';
import type { Watchdog } from './process/watchdog.js';

/** What all parts of one stack stand on. */
export interface StackGround {
  readonly state: StateFolder;
  readonly watchdog: Watchdog;
  /** The account PostgreSQL and RabbitMQ run as, when it is not the caller's own. */
  readonly user: UnixUser | undefined;
  /** Told when a part that was serving ended without having been stopped. */
  readonly lost: (message: string) => void;
}
