import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { migrateDatabase } from '@bastion/platform/migrate';
import { withConnection } from '../src/postgres/database-server.js';
import { Postgres } from '../src/postgres/postgres.js';
import { provisionRoles } from '../src/postgres/provision-roles.js';
import { openGround, type TestGround } from './ground.js';

describe('migrating a database', () => {
  let ground: TestGround;
  let postgres: Postgres;
  let databases = 0;

  beforeAll(async () => {
    ground = await openGround();
    postgres = await Postgres.start(ground);
  }, 60_000);

  afterAll(() => ground.clear(), 60_000);

  it('applies what is missing in the order of the names, once', async () => {
    const { url, folder, write } = await newCase();
    write('2_second', 'ALTER TABLE note ADD COLUMN body text');
    write('1_first', 'CREATE TABLE note (id int)');

    expect(await migrateDatabase(url, folder)).toEqual(['1_first', '2_second']);
    write('3_third', 'INSERT INTO note VALUES (1)');
    expect(await migrateDatabase(url, folder)).toEqual(['3_third']);
    expect(await migrateDatabase(url, folder)).toEqual([]);
    expect(await rows(url, 'SELECT id, body FROM note')).toEqual([{ id: 1, body: null }]);
  });

  it('lets two runners that start together apply everything once', async () => {
    const { url, folder, write } = await newCase();
    write('1_first', 'CREATE TABLE note (id int)');
    write('2_second', 'INSERT INTO note VALUES (1)');

    const applied = await Promise.all([migrateDatabase(url, folder), migrateDatabase(url, folder)]);

    expect(applied.flat()).toEqual(['1_first', '2_second']);
    expect(await rows(url, 'SELECT id FROM note')).toEqual([{ id: 1 }]);
  });

  it('refuses a migration that was changed after it had been applied', async () => {
    const { url, folder, write } = await newCase();
    write('1_first', 'CREATE TABLE note (id int)');
    await migrateDatabase(url, folder);
    write('1_first', 'CREATE TABLE note (id bigint)');

    await expect(migrateDatabase(url, folder)).rejects.toThrow(
      'Migration 1_first was changed after it had been applied.',
    );
  });

  it('undoes a migration that fails and refuses to go on after it', async () => {
    const { url, folder, write } = await newCase();
    write('1_first', 'CREATE TABLE note (id int); SELECT 1 / 0;');
    write('2_second', 'CREATE TABLE never (id int)');

    await expect(migrateDatabase(url, folder)).rejects.toThrow(
      'Migration 1_first failed: division by zero',
    );
    await expect(migrateDatabase(url, folder)).rejects.toThrow('Migration 1_first failed earlier');
    expect(
      await rows(url, `SELECT to_regclass('note') AS note, to_regclass('never') AS never`),
    ).toEqual([{ note: null, never: null }]);
  });

  it('leaves alone what a newer release has applied', async () => {
    const { url, folder, write } = await newCase();
    write('1_first', 'CREATE TABLE note (id int)');
    await migrateDatabase(url, folder);
    await rows(
      url,
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, finished_at)
       VALUES ('x', 'y', '9_newer', now())`,
    );

    expect(await migrateDatabase(url, folder)).toEqual([]);
  });

  it('gives the roles the migrations made a login, the same at every start', async () => {
    const { url, folder, write } = await newCase();
    write(
      '1_first',
      'CREATE ROLE narrow NOLOGIN; CREATE TABLE note (id int); GRANT SELECT ON note TO narrow',
    );
    await migrateDatabase(url, folder);
    const passwordOf = (role: string) => ground.state.secret(role);

    const first = await provisionRoles(url, ['narrow'], passwordOf);
    const second = await provisionRoles(url, ['narrow'], passwordOf);

    expect(second).toEqual(first);
    expect(
      await rows(first.narrow, 'SELECT current_user::text AS name, count(*)::int FROM note'),
    ).toEqual([{ name: 'narrow', count: 0 }]);
    await expect(rows(first.narrow, 'INSERT INTO note VALUES (1)')).rejects.toThrow(
      'permission denied',
    );
  });

  it('copies a migrated database', async () => {
    const { url, database, folder, write } = await newCase();
    write('1_first', 'CREATE TABLE note AS SELECT 7 AS answer');
    await migrateDatabase(url, folder);

    await postgres.server.createDatabaseFromTemplate('copy', database);
    expect(await rows(postgres.server.url('copy'), 'SELECT answer FROM note')).toEqual([
      { answer: 7 },
    ]);
    await postgres.server.dropDatabase('copy');
    await expect(rows(postgres.server.url('copy'), 'SELECT 1')).rejects.toThrow('does not exist');
  });

  /** An empty database and an empty folder of migrations. */
  async function newCase() {
    databases += 1;
    const database = `case_${databases}`;
    await postgres.server.createDatabase(database);
    const folder = ground.state.folder(database);
    const write = (name: string, sql: string) => {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'migration.sql'), sql);
    };
    return { database, url: postgres.server.url(database), folder, write };
  }

  function rows(url: string, sql: string): Promise<unknown[]> {
    return withConnection(url, async (client) => (await client.query(sql)).rows as unknown[]);
  }
});
