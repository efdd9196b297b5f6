import type { ChangesResponseV1, SnapshotResponseV1 } from '@bastion/contracts';
import { digestOfFacts, factsOfNothing, TOMBSTONE } from '@bastion/policy';
import { sha256 } from '@bastion/platform';
import pg from 'pg';
import { AppDatabase } from '../src/database/app-database.js';
import { EraseTenantCommand } from '../src/tenant/index.js';
import { TenantEraser } from '../src/tenant/tenant.eraser.js';
import { ERASED_TABLES } from '../src/tenant/tenant-erasure.store.js';
import { TenantWriter } from '../src/write/index.js';
import { eventually } from './support/eventually.js';
import { TenantBackup } from './support/tenant-backup.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';
import { furnish, SERVICE_SUBJECT } from './walls/walled-service.js';

const SUSPEND = 'mutation ($id: ID!) { suspendTenant(tenantId: $id) { revision } }';
const DELETE = `mutation ($id: ID!, $reason: String, $key: String) {
  deleteTenant(tenantId: $id, reason: $reason, idempotencyKey: $key) {
    revision consistencyToken deletedTenant { id deletedAt erasedAt erasedRows }
  }
}`;
const DELETED = '{ deletedTenants(first: 500) { nodes { id erasedAt erasedRows } } }';
const CREATE = `mutation ($input: CreateTenantInput!) {
  createTenant(input: $input) { tenant { id } }
}`;
/** What stays of a deleted tenant: two rows that say nothing of anybody, and its last message. */
const TOMBSTONES = ['tenants', 'tenant_counters', 'outbox_messages'];

let service: TestService;
let platform: TestTenant;

beforeAll(async () => {
  service = await TestService.start({ SERVICE_SUBJECTS: SERVICE_SUBJECT });
  platform = service.platform;
}, 60_000);

afterAll(() => service?.stop());

const eraser = () => service.app.get(EraseTenantCommand);
const drop = (id: string, more: object = {}) =>
  platform.admin.answer<{ deleteTenant: { revision: number } }>(DELETE, { id, ...more });

/** A tenant with one of everything, suspended. */
async function suspended(id: string): Promise<TestTenant> {
  const tenant = await service.createTenant(id);
  await furnish(service, tenant);
  await platform.admin.answer(SUSPEND, { id });
  return tenant;
}

/** How many rows a tenant has in each table that has any. */
async function rowsOf(tenantId: string): Promise<Record<string, number>> {
  const tables = await service.database.query<{ name: string }>(
    `SELECT DISTINCT table_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'tenant_id'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await service.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${name} WHERE tenant_id = $1`,
      [tenantId],
    );
    if (row && row.count > 0) counts[name] = row.count;
  }
  return counts;
}

async function pull<Answer>(path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${service.url}/sync/v1/${path}`, {
    method: body ? 'POST' : 'GET',
    headers: {
      authorization: `Bearer ${await service.issuer.token({ subject: SERVICE_SUBJECT })}`,
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Answer;
}

describe('deleteTenant', () => {
  it('refuses a tenant that is not suspended, the platform, and what does not exist', async () => {
    await service.createTenant('lively');
    const observer = new TenantObserver(service, 'lively');
    const error = await observer.refusalOf(() => platform.admin.refusal(DELETE, { id: 'lively' }));
    expect(error.extensions).toMatchObject({
      code: 'INVALID_STATUS_CHANGE',
      details: { from: 'ACTIVE', to: 'DELETED' },
    });
    const codeOf = async (id: string) =>
      (await platform.admin.refusal(DELETE, { id })).extensions.code;
    expect(await codeOf('platform')).toBe('FORBIDDEN');
    expect(await codeOf('no-such-tenant')).toBe('NOT_FOUND');
  });

  it('is refused to the tenant itself', async () => {
    const tenant = await service.createTenant('suicidal');
    const error = await tenant.admin.refusal(DELETE, { id: 'suicidal' });
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  describe('of a tenant with one of everything', () => {
    let gone: TestTenant;
    let before: Record<string, number>;
    let revision: number;

    beforeAll(async () => {
      gone = await suspended('gone');
      before = await rowsOf('gone');
      ({ revision } = (await drop('gone', { reason: 'end of contract', key: 'k' })).deleteTenant);
    }, 60_000);

    it('is one event, which ends every fact, before any row is erased', async () => {
      const observer = new TenantObserver(service, 'gone');
      const [message] = await observer.messagesAfter(revision - 1);
      const nothing = digestOfFacts(factsOfNothing(TOMBSTONE), sha256);
      expect(message).toMatchObject({
        revision,
        factsDigest: nothing,
        events: [{ type: 'tenant-deleted.v1', tenant: TOMBSTONE }],
      });
      const chain = await observer.auditChain();
      expect(chain.at(-1)?.entry).toMatchObject({
        operation: 'delete-tenant',
        reason: 'end of contract',
        revision,
      });
    });

    it('makes its tokens those of a tenant that does not exist', async () => {
      const never = service.as('never-was', 'admin@gone');
      for (const query of [
        '{ tenant { id } }',
        '{ me { tenantId } }',
        '{ users { totalCount } }',
      ]) {
        expect(await gone.admin.refusal(query)).toMatchObject({
          message: (await never.refusal(query)).message,
          extensions: { code: 'FORBIDDEN' },
        });
      }
    });

    it('makes it one that operators do not find, and whose id nobody gets again', async () => {
      const refused = async (query: string) =>
        (await platform.admin.refusal(query, { id: 'gone' })).extensions.code;
      expect(await refused(SUSPEND)).toBe('NOT_FOUND');
      expect(
        await refused('mutation ($id: ID!) { resumeTenant(tenantId: $id) { revision } }'),
      ).toBe('NOT_FOUND');
      expect(
        await refused(
          'mutation ($id: ID!) { renameTenant(tenantId: $id, name: "N") { revision } }',
        ),
      ).toBe('NOT_FOUND');
      expect(await refused('query ($id: ID!) { managedTenant(tenantId: $id) { id } }')).toBe(
        'NOT_FOUND',
      );
      const { tenants } = await platform.admin.answer<{ tenants: { nodes: { id: string }[] } }>(
        '{ tenants(first: 500) { nodes { id } } }',
      );
      expect(tenants.nodes.map(({ id }) => id)).not.toContain('gone');

      const admin = { userName: 'a', displayName: 'A', subject: 'admin@gone' };
      const again = await platform.admin.refusal(CREATE, {
        input: { id: 'gone', name: 'Again', admin },
      });
      expect(again.extensions.code).toBe('ALREADY_EXISTS');
    });

    it('tells whoever pulls, in order, and as nothing at all', async () => {
      const { heads } = await pull<{ heads: { revision: number }[] }>('heads', {
        tenantIds: ['gone'],
      });
      expect(heads).toMatchObject([{ tenantId: 'gone', epoch: 1, revision }]);
      const range = await pull<ChangesResponseV1>(
        `tenants/gone/changes?epoch=1&after=${revision - 2}`,
      );
      expect(range).toMatchObject({ kind: 'RANGE', changes: [{}, { revision }] });
      const snapshot = await pull<SnapshotResponseV1>('tenants/gone/snapshot');
      expect(snapshot.head).toMatchObject({ revision });
      expect(snapshot.facts).toEqual({
        ...factsOfNothing(TOMBSTONE),
        conditionalAssignments: [],
        everyoneAssignments: [],
      });
    });

    it('is answered alike when it is tried again, with its key and without', async () => {
      const entries = await rowsOf('gone');
      for (const key of ['k', null]) {
        expect((await drop('gone', { reason: 'end of contract', key })).deleteTenant).toMatchObject(
          {
            revision,
            deletedTenant: { id: 'gone' },
          },
        );
      }
      expect(await rowsOf('gone')).toEqual(entries);
    });

    it('loses all its rows but the tombstone and the message that says so', async () => {
      const others = await rowsOf('platform');
      expect(await eraser().run('gone', { batch: 2 })).toBe(true);
      const counts = await rowsOf('gone');
      expect(counts).toEqual(Object.fromEntries(TOMBSTONES.map((table) => [table, 1])));
      const [tombstone] = await service.database.query<Record<string, unknown>>(
        `SELECT name, deleted_at, erased_at, erased_rows FROM tenants WHERE tenant_id = 'gone'`,
      );
      expect(tombstone).toMatchObject({ name: '' });
      const erased = tombstone?.['erased_rows'] as Record<string, number>;
      // The entry and the message of the deletion came on top of what there was.
      expect(erased).toEqual({
        ...Object.fromEntries(Object.entries(before).filter(([t]) => ERASED_TABLES.includes(t))),
        audit_entries: before['audit_entries']! + 1,
        idempotency_keys: before['idempotency_keys']! + 1,
      });
      const kept = await rowsOf('platform');
      expect({ ...kept, audit_entries: 0, idempotency_keys: 0 }).toEqual({
        ...others,
        audit_entries: 0,
        idempotency_keys: 0,
      });
      const { deletedTenants } = await platform.admin.answer<{
        deletedTenants: { nodes: { id: string; erasedAt: string | null; erasedRows: number }[] };
      }>(DELETED);
      const rows = Object.values(erased).reduce((sum, count) => sum + count, 0);
      expect(deletedTenants.nodes).toContainEqual({
        id: 'gone',
        erasedAt: expect.any(String),
        erasedRows: rows,
      });
    });

    it('leaves in the audit of the platform the head of its chain, and what was erased', async () => {
      const chain = await new TenantObserver(service, 'platform').auditChain();
      const entries = chain.map(({ entry }) => entry).filter(({ target }) => target === 'gone');
      expect(entries.map(({ operation }) => operation)).toEqual(
        expect.arrayContaining(['authorize-delete-tenant', 'erase-tenant']),
      );
      const [counter] = await service.database.query<{ hash: string; sequence: string }>(
        `SELECT audit_hash AS hash, audit_sequence AS sequence FROM tenant_counters
         WHERE tenant_id = 'gone'`,
      );
      expect(entries.find(({ operation }) => operation === 'erase-tenant')).toMatchObject({
        details: {
          revision,
          audit: { hash: counter?.hash, sequence: Number(counter?.sequence) },
          erasedRows: { users: before['users'] },
        },
      });
    });

    it('still tells whoever comes a week later', async () => {
      const asked = `tenants/gone/changes?epoch=1`;
      const late = await pull<ChangesResponseV1>(`${asked}&after=1`);
      expect(late).toMatchObject({ kind: 'GONE', head: { revision } });
      const last = await pull<ChangesResponseV1>(`${asked}&after=${revision - 1}`);
      expect(last).toMatchObject({ kind: 'RANGE', changes: [{ revision }] });
      expect((await pull<SnapshotResponseV1>('tenants/gone/snapshot')).facts.tenant).toEqual(
        TOMBSTONE,
      );
    });

    it('is not noted as followed any more, but for whom something waits', async () => {
      const position = { tenantId: 'gone', epoch: 1, revision, digest: '0'.repeat(64) };
      await pull('heads', {
        tenantIds: ['gone'],
        applied: {
          consumer: { kind: 'REPLICA', id: 'late' },
          accepts: [],
          leaseMs: 5_000,
          positions: [{ ...position, state: 'FOLLOWING' }],
        },
      });
      expect(await rowsOf('gone')).not.toHaveProperty('consumer_positions');
    });
  });
});

describe('the erasure of a deleted tenant', () => {
  it('waits for a consumer that may still answer, and ends when its lease has', async () => {
    await suspended('followed');
    await service.database.query(
      `UPDATE consumer_positions SET lease_until = now() + interval '1 hour'
       WHERE tenant_id = 'followed'`,
    );
    await drop('followed');
    expect(await eraser().run('followed')).toBe(false);
    expect(await rowsOf('followed')).toEqual({
      ...Object.fromEntries(TOMBSTONES.map((table) => [table, 1])),
      consumer_positions: 1,
    });
    await service.database.query(
      `UPDATE consumer_positions SET lease_until = now() WHERE tenant_id = 'followed'`,
    );
    expect(await eraser().run('followed')).toBe(true);
  });

  // Just before one is just after the one before it: nothing is kept in between.
  it('comes to the same whichever of its transactions a process ends after', async () => {
    await suspended('crashing');
    await drop('crashing');
    const backup = await TenantBackup.take(service.database, 'crashing');
    const expected = await erasedBy(service.app.get(EraseTenantCommand));
    let tested = 0;
    for (;;) {
      await backup.restore();
      if (!(await crashAfter(tested + 1))) break;
      tested += 1;
      expect(await erasedBy(service.app.get(EraseTenantCommand))).toEqual(expected);
    }
    expect(tested).toBeGreaterThan(8);
    const chain = await new TenantObserver(service, 'platform').auditChain();
    const entries = chain.filter(
      ({ entry }) => entry['operation'] === 'erase-tenant' && entry['target'] === 'crashing',
    );
    expect(entries).toHaveLength(1);
  }, 60_000);

  /** Runs it to its end; answers what is left, and what was counted. */
  async function erasedBy(command: EraseTenantCommand) {
    expect(await command.run('crashing', { batch: 4 })).toBe(true);
    const [row] = await service.database.query<{ rows: unknown; done: boolean }>(
      `SELECT erased_rows AS rows, erased_at IS NOT NULL AS done FROM tenants
       WHERE tenant_id = 'crashing'`,
    );
    return { ...row, left: await rowsOf('crashing') };
  }

  /** Ends a run after one of its transactions; false: it has fewer. */
  async function crashAfter(last: number): Promise<boolean> {
    let taken = 0;
    const atEach = async <T>(transaction: () => Promise<T>): Promise<T> => {
      taken += 1;
      const result = await transaction();
      if (taken === last) throw new Error('killed');
      return result;
    };
    const [database, writer] = [service.app.get(AppDatabase), service.app.get(TenantWriter)];
    const killed = new EraseTenantCommand(
      {
        inTenant: (...args: Parameters<AppDatabase['inTenant']>) =>
          atEach(() => database.inTenant(...args)),
      } as unknown as AppDatabase,
      {
        write: (...args: Parameters<TenantWriter['write']>) => atEach(() => writer.write(...args)),
      } as unknown as TenantWriter,
    );
    try {
      await killed.run('crashing', { batch: 4 });
      return false;
    } catch (error) {
      expect(String(error)).toContain('killed');
      return true;
    }
  }

  it('is of every table, and goes on by itself with all that is left', async () => {
    const tables = await service.database.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
         AND relname <> '_prisma_migrations'`,
    );
    expect([...ERASED_TABLES, 'tenants', 'tenant_counters'].sort()).toEqual(
      tables.map(({ name }) => name).sort(),
    );
    for (const id of ['one', 'other']) {
      await suspended(id);
      await drop(id);
    }
    const warnings: unknown[] = [];
    const logger = { warn: (...said: unknown[]) => void warnings.push(said) };
    const byItself = new TenantEraser(eraser(), logger, 1);
    byItself.onApplicationBootstrap();
    await eventually(async () => {
      const rows = await service.database.query(
        'SELECT FROM tenants WHERE deleted_at IS NOT NULL AND erased_at IS NULL',
      );
      return rows.length === 0;
    });
    await byItself.onApplicationShutdown();
    expect(warnings).toEqual([]);
  });

  it('leaves the tenant to whoever is at it', async () => {
    await suspended('busy');
    await drop('busy');
    const session = new pg.Client({ connectionString: service.database.ownerUrl });
    await session.connect();
    await session.query(`BEGIN; SELECT FROM tenants WHERE tenant_id = 'busy' FOR UPDATE`);
    expect(await eraser().run('busy')).toBe(false);
    expect(await rowsOf('busy')).toHaveProperty('users');
    await session.query('ROLLBACK');
    await session.end();
    expect(await eraser().run('busy')).toBe(true);
    const [row] = await service.database.query<{ left: number }>(
      'SELECT count(*)::int AS left FROM tenants WHERE deleted_at IS NOT NULL AND erased_at IS NULL',
    );
    expect(row?.left).toBe(0);
  });

  it('is refused by the database in a tenant that lives, and the way back for one that does not', async () => {
    const tenant = await service.createTenant('kept');
    await furnish(service, tenant);
    const before = await rowsOf('kept');
    const session = new pg.Client({
      connectionString: service.database.urlAs('scope_management_app'),
    });
    await session.connect();
    await session.query(`SELECT set_config('app.tenant_id', 'kept', false)`);
    for (const table of [
      ...['users', 'service_accounts', 'roles', 'outbox_messages', 'audit_entries'],
      ...['restored_grants', 'consumer_positions'],
      ...['role_versions', 'background_jobs', 'catalogue_registrations'],
    ]) {
      expect((await session.query(`DELETE FROM ${table}`)).rowCount).toBe(0);
    }
    await session.query(`SELECT set_config('app.tenant_id', 'gone', false)`);
    for (const undeleted of ['deleted_at = NULL', 'deleted_at = now()', "status = 'ACTIVE'"]) {
      await expect(session.query(`UPDATE tenants SET ${undeleted}`)).rejects.toThrow(
        /a deleted tenant stays deleted|tombstone_denies|erased_after_deleted/,
      );
    }
    await session.end();
    expect(await rowsOf('kept')).toEqual(before);
  });
});
