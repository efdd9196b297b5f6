import pg from 'pg';
import { findRowLeaks, findWallGaps, plantedGaps, soundTable } from '@bastion/testing';
import { TestService } from '../support/test-service.js';
import { DATABASE_RULES } from './database-rules.js';
import { furnish } from './walled-service.js';

const APP = 'scope_management_app';

let service: TestService;
let superuser: pg.Client;

beforeAll(async () => {
  service = await TestService.start();
  for (const id of ['beta', 'gamma']) await furnish(service, await service.createTenant(id));
  superuser = new pg.Client({ connectionString: service.database.ownerUrl });
  await superuser.connect();
});

afterAll(async () => {
  await superuser?.end();
  await service?.stop();
});

/** The gaps while something is done to the database, which is undone afterwards. */
async function gapsAfter(sql: string): Promise<string[]> {
  await superuser.query('BEGIN');
  try {
    await superuser.query(soundTable(APP));
    await superuser.query(sql);
    return await findWallGaps(superuser, DATABASE_RULES);
  } finally {
    await superuser.query('ROLLBACK');
  }
}

/** What a role of the service gets at as one tenant of what is another's. */
async function leaksTo(role: string): Promise<string[]> {
  const url = service.database.urlAs(role as Parameters<typeof service.database.urlAs>[0]);
  const session = new pg.Client({ connectionString: url });
  await session.connect();
  const { openings } = DATABASE_RULES;
  const setting = { superuser, session, role, openings, own: 'gamma', theirs: 'beta' };
  return findRowLeaks(setting).finally(() => session.end());
}

describe('the wall between tenants, in the database', () => {
  it('has no gap but the openings that are listed', async () => {
    expect(await findWallGaps(superuser, DATABASE_RULES)).toEqual([]);
  });

  it.each(DATABASE_RULES.roles)('holds %s in every table, whatever it tries', async (role) => {
    expect(await leaksTo(role)).toEqual([]);
  });

  it('does not hold where a policy lets everything through', async () => {
    await superuser.query(
      `CREATE POLICY planted ON users FOR ALL TO ${APP} USING (true) WITH CHECK (true)`,
    );
    const leaks = await leaksTo(APP);
    await superuser.query('DROP POLICY planted ON users');
    expect(leaks).toEqual([
      expect.stringContaining('in no tenant: SELECT FROM users'),
      expect.stringContaining('in no tenant: INSERT INTO users'),
      expect.stringContaining('in no tenant: UPDATE users'),
      expect.stringContaining('in gamma: SELECT FROM users'),
      expect.stringContaining('in gamma: INSERT INTO users'),
      expect.stringContaining('in gamma: UPDATE users'),
      expect.stringContaining('in gamma: UPDATE users SET tenant_id'),
    ]);
  });

  it('does not hold where the database takes one tenant for another', async () => {
    const body = (sql: string) =>
      `CREATE OR REPLACE FUNCTION current_tenant() RETURNS text LANGUAGE sql STABLE AS $$ ${sql} $$`;
    const [real] = await service.database.query<{ definition: string }>(
      `SELECT pg_get_functiondef('current_tenant'::regproc) AS definition`,
    );
    await superuser.query(body(`SELECT 'beta'`));
    const leaks = await leaksTo(APP);
    await superuser.query(real?.definition ?? '');
    expect(leaks).toContain(`${APP} in gamma: sees no users`);
    expect(leaks).toContainEqual(expect.stringContaining('in no tenant: SELECT FROM users'));
    expect(await leaksTo(APP)).toEqual([]);
  });

  it('is asked of a table that is added, and kept by a sound one', async () => {
    expect(await gapsAfter('SELECT')).toEqual([]);
  });

  it.each(plantedGaps(APP))('has a gap with $what', async ({ sql, gap }) => {
    expect(await gapsAfter(sql)).toContain(gap);
  });

  it.each([
    [
      'an opening that is gone',
      'DROP POLICY heads_reads ON tenant_counters',
      'opening tenant_counters.heads_reads: listed, but no such policy',
    ],
    [
      'an opening to somebody else',
      `ALTER POLICY heads_reads ON tenant_counters TO ${APP}`,
      `policy tenant_counters.heads_reads: opens to ${APP}, not to scope_management_heads`,
    ],
    [
      'an opening to all tenants',
      'ALTER POLICY operators_list_tenants ON tenants USING (true)',
      "policy tenants.operators_list_tenants: opens where true, not where (current_tenant() = 'platform'::text)",
    ],
    [
      'an opening to more than is listed',
      'GRANT SELECT (audit_hash) ON tenant_counters TO scope_management_heads',
      'role scope_management_heads: may SELECT tenant_counters.audit_hash beyond its opening',
    ],
  ])('has a gap with %s', async (_what, sql, gap) => {
    expect(await gapsAfter(sql)).toContain(gap);
  });
});
