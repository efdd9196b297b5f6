import { execFileSync } from 'node:child_process';
import { LocalStackError } from '../local-stack-error.js';

export interface UnixUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** The name Debian's and Red Hat's own packages give to the account that runs PostgreSQL. */
const SERVER_USER = 'postgres';

/**
 * Whom PostgreSQL and RabbitMQ run as. PostgreSQL refuses to run as root, and a broker should not:
 * when this process is root they run as `postgres`, an account made here if the machine has none.
 * Undefined when this process is an ordinary user: then they run as that user.
 */
export function serverUser(): UnixUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  return findUser() ?? createUser();
}

function findUser(): UnixUser | undefined {
  try {
    return { name: SERVER_USER, uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    // `id` fails for an account that does not exist.
    return undefined;
  }
}

function idOf(flag: '-u' | '-g'): number {
  const output = execFileSync('id', [flag, SERVER_USER], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Number.parseInt(output, 10);
}

function createUser(): UnixUser {
  const account = ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  try {
    execFileSync('useradd', [...account, SERVER_USER], { stdio: 'ignore' });
  } catch (cause) {
    // Another starter may have made it in the meantime.
    const user = findUser();
    if (user) return user;
    throw new LocalStackError(
      `PostgreSQL does not run as root, and the account "${SERVER_USER}" to run it as could not be ` +
        `made. Run \`useradd --system ${SERVER_USER}\`, or start as an ordinary user.`,
      { cause },
    );
  }
  return { name: SERVER_USER, uid: idOf('-u'), gid: idOf('-g') };
}
