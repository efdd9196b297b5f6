import pg from 'pg';

export interface Login {
  readonly role: string;
  readonly password: string;
}

/** `base` with another database, and another login if given. */
export function databaseUrl(base: string, database: string, login?: Login): string {
  const url = new URL(base);
  url.pathname = `/${encodeURIComponent(database)}`;
  if (login) {
    url.username = encodeURIComponent(login.role);
    url.password = encodeURIComponent(login.password);
  }
  return url.href;
}

/** Runs `work` on a connection of its own. */
export async function withConnection<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes and drops databases of a server, as the role that owns them. */
export class DatabaseServer {
  /** @param ownerUrl a database of the server, opened by a role that may create databases */
  constructor(private readonly ownerUrl: string) {}

  /** The connection URL of a database, as its owner or with another login. */
  url(database: string, login?: Login): string {
    return databaseUrl(this.ownerUrl, database, login);
  }

  /** Creates the database unless it is there. */
  async createDatabase(name: string): Promise<void> {
    await withConnection(this.ownerUrl, async (client) => {
      const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    });
  }

  /** Creates the database as a copy of `template`, to which nobody may be connected. */
  async createDatabaseFromTemplate(name: string, template: string): Promise<void> {
    await withConnection(this.ownerUrl, (client) =>
      client.query(
        `CREATE DATABASE ${pg.escapeIdentifier(name)} TEMPLATE ${pg.escapeIdentifier(template)}`,
      ),
    );
  }

  /** Drops the database, ending the sessions that use it. */
  async dropDatabase(name: string): Promise<void> {
    await withConnection(this.ownerUrl, (client) =>
      client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`),
    );
  }
}
