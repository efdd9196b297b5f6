import { Secret } from '@bastion/platform';
import { TestDatabase } from '@bastion/testing';
import { RelayDatabase } from '../src/database/relay-database.js';
import { tryToLead } from '../src/outbox/unsent.store.js';
import { eventually } from './support/eventually.js';

const IDLE_TIMEOUT_MS = 400;

let database: TestDatabase<'scope-management'>;
let relays: RelayDatabase;

beforeAll(async () => {
  database = await TestDatabase.create('scope-management');
  const url = new Secret(database.urlAs('scope_management_relay'));
  relays = new RelayDatabase(url, IDLE_TIMEOUT_MS);
});

afterAll(() => database.drop());

describe('the session of a relay', () => {
  it('outlives the server’s idle timeout while nobody uses it', async () => {
    const session = await relays.open();
    await eventually(async () => {
      const sessions = await database.query(
        `SELECT FROM pg_stat_activity WHERE application_name = 'bastion-relay'
           AND datname = current_database() AND now() - backend_start > $1 * interval '3 ms'`,
        [IDLE_TIMEOUT_MS],
      );
      return sessions.length > 0 || session.ended.aborted;
    });
    expect(session.ended.aborted).toBe(false);
    session.end();
  });

  it('gives the lead to one at a time, and to the next when it ends', async () => {
    const [first, second] = [await relays.open(), await relays.open()];
    expect([await tryToLead(first), await tryToLead(second)]).toEqual([true, false]);
    first.end();
    await eventually(() => tryToLead(second));
    second.end();
  });

  it('ends with the first statement that fails', async () => {
    const session = await relays.open();
    await expect(session.query('SELECT secrets FROM users')).rejects.toThrow();
    expect(session.ended.aborted).toBe(true);
    await expect(session.query('SELECT 1')).rejects.toThrow();
  });

  it('ends when the server ends it', async () => {
    const session = await relays.open();
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'bastion-relay' AND datname = current_database()`,
    );
    await eventually(() => session.ended.aborted);
  });

  it('sees the outbox of every tenant and nothing else', async () => {
    for (const table of ['tenants', 'users', 'audit_entries', 'tenant_counters']) {
      const session = await relays.open();
      await expect(session.query(`SELECT * FROM ${table}`)).rejects.toThrow('permission denied');
    }
    const session = await relays.open();
    await expect(session.query(`UPDATE outbox_messages SET body = '{}'`)).rejects.toThrow(
      'permission denied',
    );
  });
});
