import { createHash } from 'node:crypto';
import pg from 'pg';
import { hashOf } from '../src/audit/audit-chain.js';
import { ExportTenantCommand } from '../src/tenant-export/index.js';
import { EXPORTED, NOT_EXPORTED } from '../src/tenant-export/exported-tables.js';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';
import { furnish } from './walls/walled-service.js';

interface Header {
  readonly position: { readonly epoch: number; readonly revision: number; readonly digest: string };
  readonly audit: { readonly sequence: number; readonly hash: string };
  readonly counts: Readonly<Record<string, number>>;
}
interface Line {
  readonly table: string;
  readonly row: Record<string, unknown>;
}

let service: TestService;
let omega: TestTenant;

beforeAll(async () => {
  service = await TestService.start();
  omega = await service.createTenant('omega');
  await furnish(service, omega);
  await service.createTenant('beta');
}, 60_000);

afterAll(() => service?.stop());

async function download(tenantId: string, subject = 'admin@platform', of = 'platform') {
  return fetch(`${service.url}/tenants/${tenantId}/export`, {
    headers: { authorization: `Bearer ${await service.issuer.token({ tenantId: of, subject })}` },
  });
}

/** The parts of an export, whose digest is that of what comes before it. */
function parts(text: string) {
  const lines = text.trimEnd().split('\n');
  const last = JSON.parse(lines.at(-1)!) as { sha256: string };
  const content = text.slice(0, text.length - lines.at(-1)!.length - 1);
  expect(createHash('sha256').update(content).digest('hex')).toBe(last.sha256);
  const [header, ...rows] = lines.slice(0, -1).map((line) => JSON.parse(line) as unknown);
  return { header: header as Header, rows: rows as Line[] };
}

describe('the export of a tenant', () => {
  it('is of every table there is, or says why not', async () => {
    const tables = await service.database.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
         AND relname <> '_prisma_migrations'`,
    );
    const listed = [...EXPORTED.map(({ table }) => table), ...Object.keys(NOT_EXPORTED)];
    expect(listed.sort()).toEqual(tables.map(({ name }) => name).sort());
    expect(Object.values(NOT_EXPORTED).every((why) => why.length > 0)).toBe(true);
  });

  it('holds every row of its tables as it is, and nothing of another tenant', async () => {
    const response = await download('omega');
    expect(response.headers.get('content-type')).toBe('application/jsonl');
    const text = await response.text();
    const { header, rows } = parts(text);
    const counter = await new TenantObserver(service, 'omega').counter();
    const { epoch, revision, historyDigest: digest } = counter;
    expect(header).toMatchObject({
      format: 'bastion-tenant-export',
      version: 1,
      tenantId: 'omega',
      position: { epoch, revision, digest },
      limits: { principals: null },
    });
    for (const { table, without = [] } of EXPORTED) {
      const exported = rows.filter((line) => line.table === table);
      const stored = await service.database.query<{ row: Record<string, unknown> }>(
        `SELECT to_jsonb(t) - 'tenant_id' - $2::text[] AS row FROM ${table} t WHERE tenant_id = $1`,
        ['omega', without],
      );
      expect(header.counts[table]).toBe(stored.length);
      expect(stored.length).toBeGreaterThan(0);
      expect(new Set(exported.map(({ row }) => JSON.stringify(row)))).toEqual(
        new Set(stored.map(({ row }) => JSON.stringify(row))),
      );
    }
    expect(rows).toHaveLength(Object.values(header.counts).reduce((sum, count) => sum + count));
  });

  it('holds the audit chain whole, up to the head that the header names', async () => {
    const { header, rows } = parts(await (await download('omega')).text());
    const chain = rows.filter(({ table }) => table === 'audit_entries').map(({ row }) => row);
    let previousHash = '';
    for (const { sequence, previous_hash: previous, hash, occurred_at: at, entry } of chain) {
      expect(previous).toBe(previousHash);
      expect(
        hashOf({
          tenantId: 'omega',
          sequence: Number(sequence),
          at: new Date(String(at)).getTime(),
          entry: entry as Record<string, unknown>,
          previousHash,
        }),
      ).toBe(hash);
      previousHash = String(hash);
    }
    expect(header.audit).toEqual({ sequence: chain.length, hash: previousHash });
  });

  it('is of one moment, whatever is written while it is read', async () => {
    const seed = new Seed(service, omega);
    const { revision } = await new TenantObserver(service, 'omega').counter();
    const { lines, done } = await service.app
      .get(ExportTenantCommand)
      .run({ operator: 'test' }, { tenantId: 'omega' });
    const reading = lines[Symbol.asyncIterator]();
    let text = String((await reading.next()).value);
    const id = await seed.user('latecomer');
    for (let next = await reading.next(); !next.done; next = await reading.next()) {
      text += String(next.value);
    }
    const { header, rows } = parts(text);
    expect(header.position.revision).toBe(revision);
    expect(rows.some(({ row }) => row['id'] === id)).toBe(false);
    expect(await done).toMatchObject({ tenantId: 'omega', revision, rows: rows.length });
  });

  it('is entered into the audit of the platform before the first line', async () => {
    const observer = new TenantObserver(service, 'platform');
    const before = (await observer.auditChain()).length;
    const { lines, done } = await service.app
      .get(ExportTenantCommand)
      .run({ operator: 'test' }, { tenantId: 'omega', reason: 'asked for' });
    // Nobody reads a line of it.
    lines.destroy();
    await expect(done).rejects.toThrow('nobody takes the export any more');
    const [entry] = (await observer.auditChain()).slice(before);
    expect(entry?.entry).toMatchObject({
      operation: 'authorize-export-tenant',
      target: 'omega',
      reason: 'asked for',
    });
  });

  it('takes a suspended tenant, none that is deleted, and not more than two at a time', async () => {
    await platformAnswer('mutation { suspendTenant(tenantId: "beta") { revision } }');
    expect(parts(await (await download('beta')).text()).header).toMatchObject({ tenantId: 'beta' });
    await platformAnswer('mutation { deleteTenant(tenantId: "beta") { revision } }');
    expect((await download('beta')).status).toBe(404);

    const run = () =>
      service.app.get(ExportTenantCommand).run({ operator: 'test' }, { tenantId: 'omega' });
    // None of them gets any further than the first table that it waits for.
    const session = new pg.Client({ connectionString: service.database.ownerUrl });
    await session.connect();
    await session.query('BEGIN; LOCK TABLE restored_grants IN ACCESS EXCLUSIVE MODE');
    const open = [await run(), await run()];
    const third = await download('omega');
    expect([third.status, await third.json()]).toMatchObject([503, { code: 'UNAVAILABLE' }]);
    await session.query('ROLLBACK');
    await session.end();
    for (const { lines, done } of open) {
      lines.resume();
      await done;
    }
    expect((await download('omega')).status).toBe(200);
  });

  it('is refused to the tenant itself, and to operators who may only read', async () => {
    const own = await download('omega', 'admin@omega', 'omega');
    expect([own.status, await own.json()]).toMatchObject([403, { code: 'FORBIDDEN' }]);
    const seed = new Seed(service, service.platform);
    await seed.assignment(await seed.user('auditor'), await seed.builtInRole('auditor'));
    expect((await download('omega', 'auditor@platform')).status).toBe(403);
  });
});

const platformAnswer = (query: string) => service.platform.admin.answer(query);
