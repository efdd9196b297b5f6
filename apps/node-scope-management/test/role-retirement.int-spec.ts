import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sha256 } from '@bastion/platform';
import { digestOfFacts } from '@bastion/policy';
import pg from 'pg';
import { createNodeScopeManagement } from '../src/create-node-scope-management.js';
import { AppDatabase } from '../src/database/app-database.js';
import { readTenantFacts } from '../src/facts/index.js';
import { eventually } from './support/eventually.js';
import { GraphqlClient } from './support/graphql-client.js';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService } from './support/test-service.js';

const MAIN = fileURLToPath(new URL('../dist/src/main.js', import.meta.url));
const RETIRE = `mutation ($id: ID!) {
  retireRole(roleId: $id, reason: "no longer needed") {
    revision job { id kind target total done startedBy finishedAt }
  }
}`;
const STATE = `query ($id: ID!) {
  role(id: $id) { id }
  roleAssignments(filter: { roleId: $id }) { totalCount }
  backgroundJobs { nodes { target total done finishedAt } }
}`;
/** More than two revisions carry. */
const COUNT = 2_500;
const LOCK = 7;

let service: TestService;
let superuser: pg.Client;
const children: ChildProcess[] = [];
let later: NestFastifyApplication | undefined;

beforeAll(async () => {
  service = await TestService.start();
  superuser = new pg.Client({ connectionString: service.database.ownerUrl });
  await superuser.connect();
}, 60_000);

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await later?.close();
  await superuser?.end();
  await Promise.all([service?.database.drop(), service?.issuer.stop()]);
});

/** Gives a role to very many, past the service, which has to learn of it from the rows. */
async function assignToMany(tenantId: string, roleId: string, scopeId: string): Promise<void> {
  await superuser.query(
    `INSERT INTO role_assignments
       (tenant_id, id, grantee_kind, grantee_id, role_id, scope_id, reach, effect, source)
     SELECT $1, gen_random_uuid(), 'USER', gen_random_uuid(), $2, $3, 'SUBTREE',
            (CASE WHEN n % 5 = 0 THEN 'DENY' ELSE 'ALLOW' END)::effect, 'manual'
     FROM generate_series(1, ${COUNT}) n`,
    [tenantId, roleId, scopeId],
  );
  await superuser.query('UPDATE tenant_counters SET facts_digest = NULL WHERE tenant_id = $1', [
    tenantId,
  ]);
}

/** Lets every part of a job but the first wait, in the midst of its transaction, for a lock of ours. */
async function holdSecondPart(): Promise<void> {
  await superuser.query(`
    SELECT pg_advisory_lock(${LOCK});
    CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.done > 1000 THEN PERFORM pg_advisory_xact_lock(${LOCK}); END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER hold BEFORE UPDATE ON background_jobs FOR EACH ROW EXECUTE FUNCTION hold()`);
}

/** The service in a process of its own, with the environment that the test's service had. */
async function startProcess(): Promise<string> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const env = { ...process.env, RUNNING_MODE: 'server', NSM_PORT: String(port) };
  children.push(spawn(process.execPath, [MAIN], { env, stdio: 'ignore' }));
  const url = `http://127.0.0.1:${port}`;
  await eventually(async () => {
    const answer = await fetch(`${url}/health/ready`).catch(() => null);
    return answer?.ok === true;
  });
  return url;
}

async function isHeld(): Promise<boolean> {
  const { rows } = await superuser.query(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`,
  );
  return rows.length > 0;
}

it('the retirement of a role with very many assignments holds at once and survives kill -9', async () => {
  const acme = await service.createTenant('acme');
  const roleId = await new Seed(service, acme).role(['document:read'], { name: 'Old' });
  await service.app.close();
  await assignToMany(acme.id, roleId, acme.rootScopeId);
  await holdSecondPart();

  const url = await startProcess();
  const token = () => service.issuer.token({ tenantId: acme.id, subject: 'admin@acme' });
  const admin = new GraphqlClient(url, token);
  const { retireRole } = await admin.answer<{ retireRole: { job: object } }>(RETIRE, {
    id: roleId,
  });
  const started = { kind: 'ROLE_RETIREMENT', target: roleId, total: COUNT };
  expect(retireRole.job).toMatchObject({ ...started, startedBy: acme.adminId, finishedAt: null });
  expect(await admin.answer(STATE, { id: roleId })).toMatchObject({
    role: null,
    roleAssignments: { totalCount: 0 },
  });

  await eventually(isHeld);
  const [child] = children;
  child?.kill('SIGKILL');
  if (child) await once(child, 'exit');
  await superuser.query(`SELECT pg_advisory_unlock(${LOCK}); DROP TRIGGER hold ON background_jobs;
    DROP FUNCTION hold`);
  const left = await service.database.query(
    'SELECT done, (SELECT count(*)::int FROM role_assignments WHERE role_id = $1) AS left FROM background_jobs',
    [roleId],
  );
  expect(left).toEqual([{ done: 1_000, left: COUNT - 1_000 }]);

  later = await createNodeScopeManagement();
  await later.listen(0, '127.0.0.1');
  const again = new GraphqlClient(await later.getUrl(), token);
  await eventually(async () => {
    const { backgroundJobs } = await again.answer<{
      backgroundJobs: { nodes: { finishedAt: string | null }[] };
    }>(STATE, { id: roleId });
    return backgroundJobs.nodes[0]?.finishedAt !== null;
  });
  expect(await again.answer(STATE, { id: roleId })).toMatchObject({
    backgroundJobs: { nodes: [{ total: COUNT, done: COUNT }] },
  });

  // Each part is one revision with its audit entry, which says who began it and why.
  const observer = new TenantObserver(service, acme.id);
  const parts = (await observer.auditChain())
    .map(({ entry }) => entry)
    .filter(({ operation }) => operation === 'end-retired-assignments');
  expect(parts.map(({ changes }) => (changes as unknown[]).length)).toEqual([1_000, 1_000, 500]);
  for (const part of parts) {
    expect(part).toMatchObject({
      reason: 'no longer needed',
      details: { startedBy: acme.adminId },
    });
  }
  const messages = await observer.messagesAfter(0);
  expect(new Set(messages.map(({ kind }) => kind))).toEqual(new Set(['CHANGES']));
  const { factsDigest } = await observer.counter();
  const read = await later.get(AppDatabase).inTenant(acme.id, readTenantFacts);
  expect(read?.facts.assignments.filter((one) => one.roleId === roleId)).toEqual([]);
  expect(factsDigest).toBe(read && digestOfFacts(read.facts, sha256));
}, 90_000);
