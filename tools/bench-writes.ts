import { randomUUID } from 'node:crypto';
import { sha256 } from '@bastion/platform';
import {
  applyEvents,
  buildSnapshot,
  digestAfter,
  factsOfNothing,
  type PrincipalFact,
  TOMBSTONE,
} from '@bastion/policy';
import { Command } from 'commander';
import pg from 'pg';
import { type BenchRow, percentile, runBench, timed } from './bench/bench-report.js';
import { Progress } from './demo/progress.js';
import { wholeNumber } from './options.js';
import { asSuperuser } from './stack/as-superuser.js';
import { startTemporaryPlatform, type TenantAdmin } from './stack/temporary-platform.js';

const FEW = 10;
const PER_STATEMENT = 50_000;

const options = new Command('npm run bench:writes --')
  .description(
    'Measures, on a stack of its own, how long writes take in a tenant of ten users and in one of very ' +
      'many, in turns, through the GraphQL API.',
  )
  .option('--json <file>', 'write the figures as JSON too')
  .option('--users <n>', 'users of the larger tenant', wholeNumber(FEW), 1_000_000)
  .option(
    '--rounds <n>',
    'writes of each kind that are measured in each tenant',
    wholeNumber(1),
    100,
  )
  .parse()
  .opts<{ json?: string; users: number; rounds: number }>();

/** What is measured, each with what it changes: as many as are undone, so that no tenant grows much. */
type Write = (tenant: MeasuredTenant, round: number) => Promise<unknown>;
const WRITES: Readonly<Record<string, Write>> = {
  createUser: ({ admin }, round) => admin.api.createUser(`new-${round}`, `new|${round}`),
  suspendUser: ({ admin, userId }) => admin.api.suspendUser(userId),
  activateUser: ({ admin, userId }) => admin.api.activateUser(userId),
  createGroup: ({ admin }, round) => admin.api.createGroup(`group-${round}`),
  addGroupMembers: ({ admin, groupId, userId }) =>
    admin.api.addGroupMembers(groupId, [{ kind: 'USER', id: userId }]),
  removeGroupMembers: ({ admin, groupId, userId }) =>
    admin.api.removeGroupMembers(groupId, [{ kind: 'USER', id: userId }]),
  assignRole: async (tenant) => {
    const { admin, userId: granteeId, roleId } = tenant;
    const grant = { granteeKind: 'USER', granteeId, roleId, scopeId: admin.rootScopeId } as const;
    tenant.assignmentId = (await admin.api.assignRole(grant)).id;
  },
  unassignRole: ({ admin, assignmentId }) => admin.api.unassignRole(assignmentId),
};

interface MeasuredTenant {
  readonly admin: TenantAdmin;
  readonly userId: string;
  readonly groupId: string;
  readonly roleId: string;
  assignmentId: string;
}

await runBench(measure, options.json);

async function measure(): Promise<BenchRow[]> {
  console.log('Starting …');
  const platform = await startTemporaryPlatform(() => undefined);
  try {
    const { postgres, databases } = platform.stack;
    const url = asSuperuser(postgres!, databases.scopeManagement.scope_management_app);
    const tenants: Record<'few' | 'many', MeasuredTenant> = {
      few: await furnish(await platform.createTenant('few'), url, FEW),
      many: await furnish(await platform.createTenant('many'), url, options.users),
    };
    for (const { admin } of Object.values(tenants)) await followed(admin);

    const took = new Map<string, Record<'few' | 'many', number[]>>(
      Object.keys(WRITES).map((name) => [name, { few: [], many: [] }]),
    );
    const progress = new Progress('writes', options.rounds * took.size * 2);
    for (let round = 0; round < options.rounds; round += 1) {
      for (const [name, write] of Object.entries(WRITES)) {
        for (const size of ['few', 'many'] as const) {
          took.get(name)![size].push(await timed(() => write(tenants[size], round)));
          progress.advance();
        }
      }
    }
    progress.finish();
    return [...took].flatMap(([name, { few, many }]) => [
      row(`${name}.few.p50`, few, `of ${FEW} users`),
      row(`${name}.many.p50`, many, `of ${options.users} users`),
      {
        id: `${name}.ratio`,
        value: percentile(many, 0.5) / percentile(few, 0.5),
        unit: '×',
        note: 'many to few',
      },
    ]);
  } finally {
    await platform.stop();
  }
}

/** Puts users into the owner's rows, as many writes would have, and what the writes are about. */
async function furnish(admin: TenantAdmin, url: string, users: number): Promise<MeasuredTenant> {
  const { api, tenantId } = admin;
  console.log(`  ${users} users in ${tenantId}`);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('BEGIN');
    for (let from = 0; from < users; from += PER_STATEMENT) {
      await insertUsers(client, tenantId, from, Math.min(from + PER_STATEMENT, users));
    }
    // Another history than any process remembers, so that all read the rows anew.
    await client.query(
      `UPDATE tenant_counters
       SET revision = revision + 1,
         history_digest = encode(sha256(convert_to(history_digest, 'UTF8')), 'hex')
       WHERE tenant_id = $1`,
      [tenantId],
    );
    await client.query('COMMIT');
    await client.query('ANALYZE');
  } finally {
    await client.end();
  }
  const user = await api.createUser('measured', 'bench|measured');
  const group = await api.createGroup('measured');
  const role = await api.createRole('measured', ['document:read']);
  return { admin, userId: user.id, groupId: group.id, roleId: role.id, assignmentId: '' };
}

async function insertUsers(
  client: pg.Client,
  tenantId: string,
  from: number,
  to: number,
): Promise<void> {
  const principals = Array.from({ length: to - from }, (_, index): PrincipalFact => {
    const subject = `bench|${from + index}`;
    return { id: randomUUID(), kind: 'USER', status: 'ACTIVE', subject };
  });
  await client.query(
    `INSERT INTO users (tenant_id, id, user_name, display_name, subject, status)
     SELECT $1, id, subject, subject, subject, 'ACTIVE'
     FROM unnest($2::uuid[], $3::text[]) AS u (id, subject)`,
    [tenantId, principals.map(({ id }) => id), principals.map(({ subject }) => subject)],
  );
  const { rows } = await client.query<{ digest: string }>(
    'SELECT facts_digest AS digest FROM tenant_counters WHERE tenant_id = $1',
    [tenantId],
  );
  const events = principals.map((principal) => ({ type: 'principal-created', principal }) as const);
  const made = applyEvents(buildSnapshot(factsOfNothing(TOMBSTONE)), events);
  await client.query('UPDATE tenant_counters SET facts_digest = $2 WHERE tenant_id = $1', [
    tenantId,
    digestAfter(rows[0]!.digest, null, made, events, sha256),
  ]);
}

/** Until gatekeeper has all of the tenant, so that it does not work beside what is measured. */
async function followed({ api, gatekeepers, rootScopeId }: TenantAdmin): Promise<void> {
  const { consistencyToken } = await api.createGroup(`followed-${randomUUID()}`);
  const question = { principalId: randomUUID(), permission: 'document:read', scopeId: rootScopeId };
  await gatekeepers[0]!.check(question, consistencyToken);
}

function row(id: string, runs: readonly number[], note: string): BenchRow {
  return { id, value: percentile(runs, 0.5), unit: 'ms', runs, note };
}
