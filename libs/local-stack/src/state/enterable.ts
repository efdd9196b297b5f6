import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LocalStackError } from '../local-stack-error.js';
import type { UnixUser } from '../process/unix-user.js';

/**
 * Checks that `user` may enter a folder and all folders above it.
 * @param what how the message names the folder: `The state folder`
 * @throws LocalStackError naming the first closed folder and what to do
 */
export function assertEnterable(folder: string, user: UnixUser, what: string): void {
  const closed = ancestors(resolve(folder)).find((path) => !mayEnter(path, user));
  if (closed === undefined) return;
  const mode = (statSync(closed).mode & 0o777).toString(8).padStart(4, '0');
  throw new LocalStackError(
    `${what} ${folder} is out of reach for the account "${user.name}", as which PostgreSQL and ` +
      `RabbitMQ run: it may not enter ${closed} (mode ${mode}). Use a folder that every account may ` +
      `enter, such as one below /srv or /var/tmp, or open this one with \`chmod o+x ${closed}\`.`,
  );
}

/** From the root down to the folder itself. */
function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [...ancestors(parent), folder];
}

function mayEnter(folder: string, user: UnixUser): boolean {
  const { mode, uid, gid } = statSync(folder);
  // The kernel looks at one class only: an owner without the right is not helped by the others'.
  if (uid === user.uid) return (mode & 0o100) !== 0;
  if (gid === user.gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
