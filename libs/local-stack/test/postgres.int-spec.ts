import { rmSync, writeFileSync } from 'node:fs';
import { databaseUrl, withConnection } from '../src/postgres/database-server.js';
import { Postgres } from '../src/postgres/postgres.js';
import { listeningAddresses, LOOPBACK, openGround, type TestGround } from './ground.js';

describe('the embedded PostgreSQL', () => {
  let ground: TestGround;
  let postgres: Postgres;

  beforeAll(async () => {
    ground = await openGround();
    postgres = await Postgres.start(ground);
  }, 60_000);

  afterAll(() => ground.clear(), 60_000);

  it('keeps its data when it is stopped and started, on another port too', async () => {
    await postgres.server.createDatabase('kept');
    await query('kept', 'CREATE TABLE note AS SELECT 42 AS answer');
    await postgres.stop();
    await postgres.start();
    expect(await query('kept', 'SELECT answer FROM note')).toEqual([{ answer: 42 }]);

    await postgres.stop();
    const { port } = postgres;
    postgres = await Postgres.start(ground);

    expect(postgres.port).not.toBe(port);
    expect(await query('kept', 'SELECT answer FROM note')).toEqual([{ answer: 42 }]);
  }, 60_000);

  it('keeps what was committed when it is killed', async () => {
    await postgres.server.createDatabase('crashed');
    await query('crashed', 'CREATE TABLE note AS SELECT 1 AS answer');

    await postgres.kill();
    await postgres.start();

    expect(await query('crashed', 'SELECT answer FROM note')).toEqual([{ answer: 1 }]);
    expect(ground.losses).toEqual([]);
  }, 60_000);

  it('is PostgreSQL 18 with UTF-8, for 200 connections, on the loopback interface alone', async () => {
    const [settings] = await query(
      'postgres',
      `SELECT current_setting('server_version_num')::int / 10000 AS version,
              current_setting('max_connections') AS connections,
              current_setting('server_encoding') AS encoding`,
    );
    expect(settings).toEqual({ version: 18, connections: '200', encoding: 'UTF8' });
    expect(listeningAddresses(postgres.port)).toEqual([LOOPBACK[0]]);
  });

  it('asks everybody for a password', async () => {
    const url = databaseUrl(postgres.server.url('postgres'), 'postgres', {
      role: 'postgres',
      password: 'guessed',
    });
    await expect(withConnection(url, () => Promise.resolve())).rejects.toThrow(
      'password authentication failed for user "postgres"',
    );
  });

  it('gives databases an owner that row-level security binds', async () => {
    expect(
      await query(
        'postgres',
        'SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user',
      ),
    ).toEqual([{ rolsuper: false, rolbypassrls: false }]);
  });

  it('says what to do when its data folder is broken', async () => {
    const broken = await openGround();
    try {
      broken.state.folder('postgres', 'data');
      await expect(Postgres.start(broken)).rejects.toThrow(
        /is not a PostgreSQL data folder .* Start with --fresh to delete it and begin anew/,
      );
      rmSync(broken.state.file('postgres', 'data'), { recursive: true });
      await (await Postgres.start(broken)).stop();
      writeFileSync(broken.state.file('postgres', 'data', 'global', 'pg_control'), 'scrambled');

      await expect(Postgres.start(broken)).rejects.toThrow(
        /PostgreSQL ended while starting[^]*pg_control[^]*Start with --fresh/,
      );
    } finally {
      await broken.clear();
    }
  }, 60_000);

  function query(database: string, sql: string): Promise<unknown[]> {
    return withConnection(postgres.server.url(database), async (client) => {
      return (await client.query(sql)).rows as unknown[];
    });
  }
});
