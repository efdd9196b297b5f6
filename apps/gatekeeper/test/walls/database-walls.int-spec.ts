import { findRowLeaks, findWallGaps, plantedGaps, soundTable } from '@bastion/testing';
import pg from 'pg';
import { DATABASE_RULES } from './database-rules.js';
import { OWN, THEIRS, WalledGatekeeper } from './walled-gatekeeper.js';

const PROJECTOR = 'gatekeeper_projector';

let walled: WalledGatekeeper;
let superuser: pg.Client;

beforeAll(async () => {
  walled = await WalledGatekeeper.start();
  superuser = new pg.Client({ connectionString: walled.world.database.ownerUrl });
  await superuser.connect();
});

afterAll(async () => {
  await superuser?.end();
  await walled?.stop();
});

/** The gaps while something is done to the database, which is undone afterwards. */
async function gapsAfter(sql: string): Promise<string[]> {
  await superuser.query('BEGIN');
  try {
    await superuser.query(soundTable(PROJECTOR));
    await superuser.query(sql);
    return await findWallGaps(superuser, DATABASE_RULES);
  } finally {
    await superuser.query('ROLLBACK');
  }
}

describe('the wall between tenants, in the database', () => {
  it('has no gap', async () => {
    expect(await findWallGaps(superuser, DATABASE_RULES)).toEqual([]);
  });

  it.each(['gatekeeper_app', 'gatekeeper_projector'] as const)(
    'holds %s in every table, whatever it tries',
    async (role) => {
      const session = new pg.Client({ connectionString: walled.world.database.urlAs(role) });
      await session.connect();
      const setting = { superuser, session, role, own: OWN, theirs: THEIRS, openings: [] };
      expect(await findRowLeaks(setting).finally(() => session.end())).toEqual([]);
    },
  );

  it('is asked of a table that is added, and kept by a sound one', async () => {
    expect(await gapsAfter('SELECT')).toEqual([]);
  });

  it.each(plantedGaps(PROJECTOR))('has a gap with $what', async ({ sql, gap }) => {
    expect(await gapsAfter(sql)).toContain(gap);
  });
});
