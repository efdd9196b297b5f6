import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestDatabase } from '@bastion/testing';
import { type AdminRun, runAdminHere, runAdminProcess } from './support/admin-run.js';

let database: TestDatabase<'scope-management'>;

beforeAll(async () => {
  database = await TestDatabase.create('scope-management');
});

afterAll(() => database.drop());

const environment = (): Record<string, string> => ({
  DATABASE_URL: database.urlAs('scope_management_app'),
  DATABASE_URL_RELAY: database.urlAs('scope_management_relay'),
  DATABASE_URL_HEADS: database.urlAs('scope_management_heads'),
  CONSISTENCY_TOKEN_KEYS: 'a-key-for-tests-that-has-32-bytes!',
});

function admin(...args: string[]): Promise<AdminRun> {
  return runAdminHere(args, environment());
}

const DEAD_URL = 'postgresql://nobody:secret@127.0.0.1:9/none';
const UNREACHABLE = {
  DATABASE_URL: DEAD_URL,
  DATABASE_URL_RELAY: DEAD_URL,
  DATABASE_URL_HEADS: DEAD_URL,
  CONSISTENCY_TOKEN_KEYS: 'a-key-for-tests-that-has-32-bytes!',
};

/** What a run that must succeed answers with `--json`. */
async function answer(...args: string[]): Promise<unknown> {
  const { status, out, error } = await admin(...args, '--json');
  expect({ status, error }).toEqual({ status: 0, error: '' });
  return JSON.parse(out) as unknown;
}

const create = (id: string, ...more: string[]): string[] => [
  ...['tenant', 'create', '--id', id, '--name', `Tenant ${id}`],
  ...['--admin-user-name', 'ada', '--admin-display-name', 'Ada', '--admin-subject', `ada@${id}`],
  ...more,
];

/** The newest entry of a tenant's audit. */
async function lastEntry(tenantId: string): Promise<Record<string, unknown>> {
  const [row] = await database.query<{ entry: Record<string, unknown> }>(
    'SELECT entry FROM audit_entries WHERE tenant_id = $1 ORDER BY sequence DESC LIMIT 1',
    [tenantId],
  );
  return row?.entry ?? {};
}

describe('the process of the operator’s command', () => {
  it('does what it is told, and ends with its status, saying nothing else', async () => {
    const { out, ...rest } = await runAdminProcess(environment(), ['tenant', 'list', '--json']);
    expect({ ...rest, answer: JSON.parse(out) }).toEqual({ status: 0, error: '', answer: [] });
  });

  it('ends with a status of its own when it is refused', async () => {
    const args = ['audit', 'verify', '--tenant', 'nobody'];
    expect(await runAdminProcess(environment(), args)).toEqual({
      status: 3,
      out: '',
      error: expect.stringMatching(/^NOT_FOUND: [^\n]+\n$/),
    });
  });

  it('ends when the database is not available', async () => {
    expect(await runAdminProcess(UNREACHABLE, ['tenant', 'list'])).toEqual({
      status: 4,
      out: '',
      error: expect.stringMatching(/^UNAVAILABLE: [^\n]+\n$/),
    });
  });

  it('needs no settings to show its help', async () => {
    const { out, ...rest } = await runAdminProcess({}, ['--help']);
    expect(rest).toEqual({ status: 0, error: '' });
    expect(out).toMatch(/^Usage: admin/);
  });
});

describe('the operator’s command', () => {
  it('creates the platform before any other tenant', async () => {
    const early = await admin(...create('acme'));
    expect(early).toMatchObject({ status: 3, out: '' });
    expect(early.error).toMatch(/^(NOT_FOUND|FORBIDDEN): .*\n$/);

    expect(await answer(...create('platform'))).toMatchObject({ id: 'platform', revision: 1 });
    expect(await answer(...create('acme'))).toEqual({
      id: 'acme',
      epoch: 1,
      revision: 1,
      digest: expect.any(String),
      consistencyToken: expect.stringMatching(/^v1\./),
    });
  });

  it('makes up an id when none is given', async () => {
    const [, , , , ...rest] = create('x');
    const created = await answer('tenant', 'create', ...rest);
    expect(created).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/) });
  });

  it('lists every tenant, for people and for machines', async () => {
    const listed = (await answer('tenant', 'list')) as { id: string }[];
    expect(listed.map(({ id }) => id)).toEqual(expect.arrayContaining(['platform', 'acme']));
    const { out } = await admin('tenant', 'list');
    const [header, ...rows] = out.trimEnd().split('\n');
    expect(header).toMatch(/^ID +NAME +STATUS +CREATED$/);
    expect(rows).toHaveLength(listed.length);
    expect(out).toMatch(/^acme +Tenant acme +ACTIVE +\d{4}-/m);
  });

  it('suspends and resumes, with a reason and the operator’s name in both audits', async () => {
    const [id, reason] = ['acme', 'ticket 4711'];
    const suspended = await answer(
      'tenant',
      'suspend',
      id,
      '--reason',
      reason,
      '--operator',
      'olga',
    );
    expect(suspended).toMatchObject({ id, status: 'SUSPENDED', revision: 2 });
    expect(await lastEntry(id)).toMatchObject({
      operation: 'suspend-tenant',
      origin: { operator: 'olga' },
      reason,
    });
    expect(await lastEntry('platform')).toMatchObject({
      operation: 'authorize-suspend-tenant',
      origin: { operator: 'olga' },
      target: id,
      reason,
    });
    const { out } = await admin('tenant', 'resume', id, '--reason', 'paid');
    expect(out).toBe('Tenant acme is ACTIVE now.\n');
  });

  it('renames a tenant, and says how large it is and may become', async () => {
    await answer(...create('room'));
    expect(await answer('tenant', 'rename', 'room', '--name', 'Roomy')).toMatchObject({
      name: 'Roomy',
    });
    const room = await answer('tenant', 'limits', 'room', '--principals', '7', '--groups', '0');
    expect(room).toMatchObject({
      id: 'room',
      limits: { principals: 7, groups: 0, scopes: null },
      usage: { principals: 1, groups: 0, scopes: 1 },
    });
    const { out } = await admin('tenant', 'limits', 'room', '--groups', 'none');
    expect(out).toMatch(/^principals +1 +7$/m);
    expect(out).toMatch(/^groups +0 +none$/m);
  });

  it('exports a suspended tenant into a file of its own, deletes it and erases it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bastion-export-'));
    const file = join(folder, 'leaver.jsonl');
    await answer(...create('leaver'));
    const why = ['--reason', 'end of contract', '--operator', 'olga'];
    const early = await admin('tenant', 'delete', 'leaver', '--confirm', 'leaver', ...why);
    expect(early).toMatchObject({ status: 3 });
    expect(early.error).toMatch(/^INVALID_STATUS_CHANGE: /);
    await answer('tenant', 'suspend', 'leaver', ...why);

    const take = ['tenant', 'export', '--tenant', 'leaver', '--out', file, ...why];
    const exported = (await answer(...take)) as { rows: number; sha256: string };
    const text = await readFile(file, 'utf8');
    expect(text.trimEnd().split('\n')).toHaveLength(exported.rows + 2);
    expect(text).toContain(exported.sha256);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await admin(...take)).toMatchObject({ status: 2 });
    expect(await readFile(file, 'utf8')).toBe(text);
    await rm(folder, { recursive: true });

    const unsure = await admin('tenant', 'delete', 'leaver', '--confirm', 'lever', ...why);
    expect(unsure).toMatchObject({ status: 2, out: '' });
    const { out } = await admin('tenant', 'delete', 'leaver', '--confirm', 'leaver', ...why);
    expect(out).toBe('Tenant leaver is deleted and erased.\n');
    expect(await lastEntry('platform')).toMatchObject({
      operation: 'erase-tenant',
      target: 'leaver',
    });
    expect(await answer('tenant', 'list', '--deleted')).toMatchObject([
      { id: 'leaver', erasedAt: expect.any(String), erasedRows: expect.any(Number) },
    ]);
    expect((await admin('audit', 'verify', '--tenant', 'leaver')).error).toMatch(/^NOT_FOUND: /);
    expect((await admin(...create('leaver'))).error).toMatch(/^ALREADY_EXISTS: /);
  });

  it('names the account that runs it when no operator is named', async () => {
    await answer(...create('named'));
    const { origin } = (await lastEntry('named')) as { origin: { operator: string } };
    expect(origin.operator).not.toBe('');
  });

  it('brings built-in roles to what the code says, of one tenant or of all', async () => {
    await answer(...create('old'));
    await database.query(
      `UPDATE roles SET permissions = '{scope:read}' WHERE tenant_id = 'old' AND built_in = 'reader'`,
    );
    const update = (...args: string[]) => answer('tenant', 'update-roles', ...args);
    expect(await update('--tenant', 'old', '--operator', 'olga')).toEqual([
      expect.objectContaining({ id: 'old', revision: 2, updated: ['reader'] }),
    ]);
    expect(await lastEntry('platform')).toMatchObject({
      operation: 'authorize-update-built-in-roles',
      origin: { operator: 'olga' },
      target: 'old',
    });
    const all = (await update('--all')) as { id: string; updated: string[] }[];
    expect(all.map(({ id }) => id)).toEqual(expect.arrayContaining(['platform', 'acme']));
    expect(all.flatMap(({ updated }) => updated)).toEqual([]);
    const [reader] = await database.query<{ permissions: string[] }>(
      `SELECT permissions FROM roles WHERE tenant_id = 'old' AND built_in = 'reader'`,
    );
    expect(reader?.permissions).toContain('resource:read');
  });

  it('shows how far each tenant has come and what waits to be published', async () => {
    const status = await answer('status');
    const [waiting] = await database.query<{ count: string }>(
      'SELECT count(*) FROM outbox_messages',
    );
    expect(status).toMatchObject({
      outbox: { pending: Number(waiting?.count), oldestUnsentAt: expect.any(String) },
      tenants: expect.arrayContaining([
        expect.objectContaining({ tenantId: 'acme', epoch: 1, revision: 3, pending: 3 }),
      ]),
    });
    expect((await admin('status')).out).toMatch(/^acme +1 +3 +3 +\d{4}-/m);
  });

  it('verifies an audit chain and exits with 1 when it is broken', async () => {
    await answer(...create('audited'));
    expect(await answer('audit', 'verify', '--tenant', 'audited')).toEqual({
      tenantId: 'audited',
      intact: 1,
      firstBreak: null,
    });
    await database.query(
      `UPDATE audit_entries SET hash = overlay(hash PLACING 'x' FROM 1) WHERE tenant_id = 'audited'`,
    );
    const broken = await admin('audit', 'verify', '--tenant', 'audited');
    expect(broken).toMatchObject({ status: 1, error: '' });
    expect(broken.out).toMatch(/^The chain is broken at entry 1: CONTENT$/m);
  });

  it.each([
    ['what exists already', create('platform'), 3, 'ALREADY_EXISTS'],
    ['an unknown tenant', ['audit', 'verify', '--tenant', 'nobody'], 3, 'NOT_FOUND'],
    ['an id of the wrong form', create('no/slash'), 2, 'INVALID_INPUT'],
    ['a name with control characters', create('named-badly', '--name', 'a\nb'), 2, 'INVALID_INPUT'],
  ])('refuses %s in one line that names the code', async (_, args, status, code) => {
    const refused = await admin(...args);
    expect(refused).toMatchObject({ status, out: '' });
    expect(refused.error).toMatch(new RegExp(`^${code}: [^\\n]+\\n$`));
    const { error } = await admin(...args, '--json');
    expect(JSON.parse(error)).toEqual({ code, message: expect.any(String) });
  });

  it.each([
    ['an unknown command', ['tenants']],
    ['a missing option', ['audit', 'verify']],
    ['an unknown option', ['tenant', 'list', '--all']],
    ['no reason', ['tenant', 'suspend', 'acme']],
  ])('says how it is used when given %s', async (_, args) => {
    const { status, out, error } = await admin(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(error).toContain('--help');
  });

  it.each([
    [[]],
    [['tenant']],
    [['tenant', 'create']],
    [['tenant', 'list']],
    [['tenant', 'suspend']],
    [['tenant', 'resume']],
    [['tenant', 'limits']],
    [['tenant', 'export']],
    [['tenant', 'delete']],
    [['audit', 'verify']],
    [['status']],
  ])('explains %j with --help, without a database', async (command) => {
    const { status, out, error } = await runAdminHere([...command, '--help'], {});
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(out).toMatch(/^Usage: admin/);
  });

  it('says which settings are missing', async () => {
    const { status, error } = await runAdminHere(['tenant', 'list'], {});
    expect(status).toBe(4);
    expect(error).toContain('DATABASE_URL');
  });

  it('says that the database is not available', async () => {
    for (const command of [['tenant', 'list'], ['status']]) {
      const { status, error } = await runAdminHere(command, UNREACHABLE);
      expect({ status, error }).toEqual({
        status: 4,
        error: expect.stringMatching(/^UNAVAILABLE: [^\n]+\n$/),
      });
      expect(error).not.toContain('secret');
    }
  });
});
