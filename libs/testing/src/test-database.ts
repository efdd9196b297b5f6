import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { migrateDatabase } from '@bastion/platform/migrate';
import pg from 'pg';
import { testServerUrl } from './test-server.config.js';

/** Whose migrations: the folder of `prisma/` and the roles that its migrations create. */
const ROLES = {
  'scope-management': ['scope_management_app', 'scope_management_relay', 'scope_management_heads'],
  gatekeeper: ['gatekeeper_app', 'gatekeeper_projector'],
} as const;

export type TestDatabaseOf = keyof typeof ROLES;
type Role<Name extends TestDatabaseOf> = (typeof ROLES)[Name][number];

/** Only for logins that reach nothing but test databases of a test server. */
const PASSWORD = 'bastion-test';

/** One at a time on a server: whoever builds the template, and whoever creates roles. */
const PREPARATION_LOCK = 7_041_776;

/** A migrated database that belongs to one test file. */
export class TestDatabase<Name extends TestDatabaseOf = TestDatabaseOf> {
  private constructor(
    private readonly serverUrl: string,
    private readonly name: string,
    /** A session of the superuser, whom no row-level security holds: to look at what was written. */
    private readonly owner: pg.Client,
  ) {}

  /**
   * Copies a template, which is migrated once for all test files and runs, so that this takes a
   * fraction of a second.
   *
   * @throws Error without BASTION_TEST_PG_URL, a superuser's URL of a PostgreSQL server for tests
   */
  static async create<Name extends TestDatabaseOf>(of: Name): Promise<TestDatabase<Name>> {
    const serverUrl = testServerUrl();
    const name = `bastion_test_${randomUUID().replaceAll('-', '')}`;
    const template = await prepareTemplate(serverUrl, of);
    await onServer(serverUrl, (server) =>
      server.query(`CREATE DATABASE ${name} TEMPLATE ${template}`),
    );
    const owner = new pg.Client({ connectionString: urlOf(serverUrl, name) });
    await owner.connect();
    return new TestDatabase<Name>(serverUrl, name, owner);
  }

  get ownerUrl(): string {
    return urlOf(this.serverUrl, this.name);
  }

  /** The connection URL of one of the service's narrow roles. */
  urlAs(role: Role<Name>): string {
    const url = new URL(this.ownerUrl);
    url.username = loginOf(role);
    url.password = PASSWORD;
    return url.href;
  }

  /** What a statement of the superuser answers. */
  async query<Row extends pg.QueryResultRow = Record<string, unknown>>(
    sql: string,
    values: readonly unknown[] = [],
  ): Promise<Row[]> {
    return (await this.owner.query<Row>(sql, [...values])).rows;
  }

  /** Ends every session of the database, whoever's it is. */
  async drop(): Promise<void> {
    await this.owner.end();
    await onServer(this.serverUrl, (server) =>
      server.query(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`),
    );
  }
}

/** The name of the template for the migrations as they are now, made if there is none yet. */
async function prepareTemplate(serverUrl: string, of: TestDatabaseOf): Promise<string> {
  const folder = fileURLToPath(new URL(`../../../prisma/${of}/migrations`, import.meta.url));
  const template = `bastion_template_${await fingerprint(folder)}`;
  await onServer(serverUrl, async (server) => {
    await server.query('SELECT pg_advisory_lock($1)', [PREPARATION_LOCK]);
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = $1', [
      template,
    ]);
    if (rowCount !== 0) return;
    // It gets its name only once it is whole: a run that was killed leaves nothing half migrated.
    const unfinished = `${template}_unfinished`;
    await server.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
    await server.query(`CREATE DATABASE ${unfinished}`);
    await migrateDatabase(urlOf(serverUrl, unfinished), folder);
    for (const role of ROLES[of]) await createLogin(server, role);
    await server.query(`ALTER DATABASE ${unfinished} RENAME TO ${template}`);
  });
  return template;
}

/** A login of its own for a role: the role itself belongs to the server and stays as it is. */
async function createLogin(server: pg.Client, role: string): Promise<void> {
  const login = loginOf(role);
  const { rowCount } = await server.query('SELECT FROM pg_roles WHERE rolname = $1', [login]);
  if (rowCount !== 0) return;
  await server.query(`CREATE ROLE ${login} LOGIN PASSWORD '${PASSWORD}' IN ROLE ${role}`);
}

function loginOf(role: string): string {
  return `bastion_test_${role}`;
}

async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256').update(folder);
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  for (const name of names) {
    hash.update(name).update(await readFile(join(folder, name, 'migration.sql')));
  }
  return hash.digest('hex').slice(0, 16);
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer<T>(
  serverUrl: string,
  run: (server: pg.Client) => Promise<T>,
): Promise<void> {
  const server = new pg.Client({ connectionString: urlOf(serverUrl, 'postgres') });
  await server.connect();
  try {
    await run(server);
  } finally {
    await server.end(); // releases the advisory lock, whatever happened
  }
}
