import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TestDatabase } from '@bastion/testing';

const MAIN = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));

async function run(environment: Record<string, string>) {
  const env = { PATH: process.env['PATH'], ...environment };
  const child = spawn(process.execPath, [MAIN], { env });
  let [out, error] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, error };
}

describe('RUNNING_MODE', () => {
  it('migrate brings a database up to date, and has nothing to do the next time', async () => {
    const database = await TestDatabase.create('scope-management');
    await database.query('DROP SCHEMA public CASCADE');
    await database.query('CREATE SCHEMA public');
    const environment = { RUNNING_MODE: 'migrate', MIGRATION_DATABASE_URL: database.ownerUrl };
    expect(await run(environment)).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^migrations: applied \d{14}_initial, /),
    });
    expect(await database.query('SELECT * FROM tenants')).toEqual([]);
    expect(await run(environment)).toMatchObject({
      status: 0,
      out: 'migrations: nothing to apply\n',
    });
    await database.drop();
  });

  it.each([
    [{ RUNNING_MODE: 'migrate' }, 'MIGRATION_DATABASE_URL is missing'],
    [{ RUNNING_MODE: 'relay' }, 'AMQP_URL is missing'],
    [{ RUNNING_MODE: 'server' }, 'OIDC_ISSUER is missing'],
    [{}, 'is missing'],
    [{ RUNNING_MODE: 'everything' }, 'RUNNING_MODE is wrong'],
  ])('%j says what is missing, without a stack trace', async (environment, problem) => {
    const { status, out, error } = await run(environment);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(error).toContain(problem);
    expect(error).not.toMatch(/^ +at /m);
  });
});
