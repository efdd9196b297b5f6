import pg from 'pg';
import { databaseUrl, withConnection } from './database-server.js';
import { LocalStackError } from '../local-stack-error.js';

/**
 * Gives roles that the migrations created without a login one each, with the password handed in.
 * @param passwordOf the password of a role; the same one at every start
 * @returns the connection URL of each role for the database of `ownerUrl`
 */
export async function provisionRoles<Role extends string>(
  ownerUrl: string,
  roles: readonly Role[],
  passwordOf: (role: Role) => string,
): Promise<Record<Role, string>> {
  await withConnection(ownerUrl, async (client) => {
    for (const role of roles) await allowLogin(client, role, passwordOf(role));
  });
  const database = decodeURIComponent(new URL(ownerUrl).pathname.slice(1));
  const urls = roles.map((role) => [
    role,
    databaseUrl(ownerUrl, database, { role, password: passwordOf(role) }),
  ]);
  return Object.fromEntries(urls) as Record<Role, string>;
}

async function allowLogin(client: pg.Client, role: string, password: string): Promise<void> {
  const name = pg.escapeIdentifier(role);
  try {
    await client.query(`ALTER ROLE ${name} LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
  } catch (cause) {
    throw new LocalStackError(
      `The role ${role} could not be given a login: ${(cause as Error).message}. ` +
        `The owner of the database must be allowed to alter it (CREATEROLE).`,
      { cause },
    );
  }
}
