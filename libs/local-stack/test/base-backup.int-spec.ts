import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { withConnection } from '../src/postgres/database-server.js';
import { Postgres } from '../src/postgres/postgres.js';
import { openGround, type TestGround } from './ground.js';

describe('a base backup', () => {
  let ground: TestGround;
  let postgres: Postgres;

  beforeAll(async () => {
    ground = await openGround();
    postgres = await Postgres.start(ground);
    await postgres.server.createDatabase('notes');
    await query('CREATE TABLE note (id int PRIMARY KEY, body text)');
  }, 60_000);
  beforeEach(() => query('TRUNCATE note'));

  afterAll(() => ground.clear(), 60_000);

  it('brings back exactly the rows that were there, on the same port, as often as one likes', async () => {
    const { port } = postgres;
    await query(`INSERT INTO note VALUES (1, 'kept'), (2, 'kept')`);
    await postgres.backup('first');

    for (const round of [1, 2]) {
      await query(`INSERT INTO note VALUES (3, 'written after it')`);
      await query(`UPDATE note SET body = 'changed after it' WHERE id = 1`);
      await query('DELETE FROM note WHERE id = 2');
      await query(`CREATE TABLE later_${round} (id int)`);

      await postgres.restore('first');

      expect(await rows()).toEqual([
        { id: 1, body: 'kept' },
        { id: 2, body: 'kept' },
      ]);
      expect(await query(`SELECT to_regclass('later_${round}') AS later`)).toEqual([
        { later: null },
      ]);
    }
    expect(postgres.port).toBe(port);
    expect(ground.losses).toEqual([]);
  }, 120_000);

  it('taken while rows stream in holds a prefix of them, with all that was committed before it', async () => {
    let written = 0;
    let streaming = true;
    const stream = withConnection(postgres.server.url('notes'), async (client) => {
      while (streaming) {
        const body = `row ${written + 1} `.padEnd(2_000, 'x');
        await client.query('INSERT INTO note VALUES ($1, $2)', [written + 1, body]);
        written += 1;
      }
    });
    const several = async () => {
      const enough = written + 200;
      while (written < enough) await query('SELECT 1');
    };
    await several();
    const before = written;
    // A checkpoint in the middle of the copying must not take away the log that the copy needs.
    const checkpoints = withConnection(postgres.superuserUrl, async (client) => {
      while (streaming) await client.query('SELECT pg_switch_wal(); CHECKPOINT;');
    });
    await postgres.backup('streaming');
    await several();
    streaming = false;
    await Promise.all([stream, checkpoints]);

    await postgres.restore('streaming');

    const ids = (await rows()).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    expect(ids.length).toBeGreaterThanOrEqual(before);
    expect(ids.length).toBeLessThan(written);
  }, 120_000);

  it('can be restored when the server was killed, and its data is gone', async () => {
    await query(`INSERT INTO note VALUES (7, 'kept')`);
    await postgres.backup('before the accident');
    await postgres.kill();
    await rm(ground.state.file('postgres', 'data'), { recursive: true });

    await postgres.restore('before the accident');

    expect(await rows()).toEqual([{ id: 7, body: 'kept' }]);
  }, 60_000);

  it('of the same name replaces the one before', async () => {
    await query(`INSERT INTO note VALUES (1, 'old')`);
    await postgres.backup('latest');
    await query(`UPDATE note SET body = 'new'`);
    await postgres.backup('latest');
    await query('DELETE FROM note');

    await postgres.restore('latest');

    expect(await rows()).toEqual([{ id: 1, body: 'new' }]);
  }, 60_000);

  it('that does not exist is not restored, and nothing is stopped for it', async () => {
    await expect(postgres.restore('nowhere')).rejects.toThrow(/^There is no backup .*nowhere\.$/);
    expect(await query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('leaves no replication slot behind that would keep the log for ever', async () => {
    await postgres.backup('tidy');
    expect(await query('SELECT slot_name FROM pg_replication_slots')).toEqual([]);
    expect(existsSync(ground.state.file('postgres', 'backups', 'tidy.unfinished'))).toBe(false);
  }, 60_000);

  function rows(): Promise<{ id: number; body: string }[]> {
    return query<{ id: number; body: string }>('SELECT id, body FROM note ORDER BY id');
  }

  function query<Row>(sql: string): Promise<Row[]> {
    return withConnection(postgres.server.url('notes'), async (client) => {
      return (await client.query(sql)).rows as Row[];
    });
  }
});
