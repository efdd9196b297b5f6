import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createNodeScopeManagement } from '../src/create-node-scope-management.js';
import { countStatements } from './support/count-statements.js';
import { GraphqlClient } from './support/graphql-client.js';
import { Seed } from './support/seed.js';
import { TestService, type TestTenant } from './support/test-service.js';

/** What reads all facts of a tenant. */
const ALL_FACTS = /json_agg/;
const CREATE = `mutation ($name: String!) {
  createGroup(input: { name: $name }) { revision group { id } }
}`;
const GROUPS = '{ groups(first: 100) { totalCount nodes { id } } }';

let service: TestService;
let acme: TestTenant;
let seed: Seed;
const others: NestFastifyApplication[] = [];

beforeAll(async () => {
  service = await TestService.start();
  acme = await service.createTenant('acme');
  seed = new Seed(service, acme);
});

afterAll(async () => {
  for (const other of others) await other.close();
  await service?.stop();
});

/** Another process of the service, on the same database. */
async function another(): Promise<GraphqlClient> {
  const app = await createNodeScopeManagement();
  others.push(app);
  await app.listen(0, '127.0.0.1');
  const claims = { tenantId: acme.id, subject: `admin@${acme.id}` };
  return new GraphqlClient(await app.getUrl(), () => service.issuer.token(claims));
}

const allFactsReadBy = (run: () => Promise<unknown>) => countStatements(acme.id, run, ALL_FACTS);

describe('the facts of a tenant in memory', () => {
  it('are read once for all who ask at the same time', async () => {
    const client = await another();
    const asking = () => Promise.all(Array.from({ length: 5 }, () => client.answer(GROUPS)));
    expect(await allFactsReadBy(asking)).toBe(1);
    expect(await allFactsReadBy(asking)).toBe(0);
  });

  it('follow what other processes write, and are not read anew', async () => {
    const processes = [acme.admin, await another(), await another()];
    for (const client of processes) await client.answer(GROUPS);
    const inTurns = async () => {
      for (let turn = 0; turn < 12; turn += 1) {
        const answer = await processes[turn % 3]!.answer(CREATE, { name: `turn-${turn}` });
        expect(answer).toMatchObject({ createGroup: { group: { id: expect.any(String) } } });
      }
    };
    expect(await allFactsReadBy(inTurns)).toBe(0);
    const lists = await Promise.all(processes.map((client) => client.answer(GROUPS)));
    expect(lists[1]).toEqual(lists[0]);
    expect(lists[2]).toEqual(lists[0]);
  });

  it('are not read anew by who asks while others write', async () => {
    const client = await another();
    await client.answer(GROUPS);
    const writesAndReads = Array.from({ length: 80 }, (_, n) =>
      n % 4 === 0 ? client.answer(CREATE, { name: `busy-${n}` }) : client.answer(GROUPS),
    );
    expect(await allFactsReadBy(() => Promise.all(writesAndReads))).toBe(0);
  });

  it('know at once whose access another process has taken', async () => {
    const other = await another();
    const id = await seed.user('leaver');
    const given = await seed.assignment(id, await seed.role(['group:read']), acme.rootScopeId);
    const leaver = new GraphqlClient(await others.at(-1)!.getUrl(), () =>
      service.issuer.token({ tenantId: acme.id, subject: 'leaver@acme' }),
    );
    await other.answer(GROUPS);
    await leaver.answer(GROUPS);
    await acme.admin.answer(
      'mutation ($id: ID!) { unassignRole(assignmentId: $id) { revision } }',
      {
        id: given,
      },
    );
    expect((await leaver.refusal(GROUPS)).extensions.code).toBe('FORBIDDEN');
  });

  it('are read anew where a change is too large for its message', async () => {
    const other = await another();
    for (let call = 0; call < 8; call += 1) {
      const paths = Array.from({ length: 500 }, (_, n) => `/big/${call}-${n}`);
      await acme.admin.answer(
        `mutation ($input: CreateScopesByPathInput!) {
          createScopesByPath(input: $input) { revision }
        }`,
        { input: { paths } },
      );
    }
    await other.answer(GROUPS);
    const [big] = await service.database.query<{ id: string }>(
      `SELECT id FROM scopes WHERE name = 'big' AND tenant_id = 'acme'`,
    );
    await acme.admin.answer(
      'mutation ($id: ID!) { deleteScope(scopeId: $id, recursive: true) { revision } }',
      big,
    );
    const [last] = await service.database.query<{ kind: string }>(
      `SELECT body ->> 'kind' AS kind FROM outbox_messages
       WHERE tenant_id = 'acme' ORDER BY revision DESC LIMIT 1`,
    );
    expect(last).toEqual({ kind: 'SNAPSHOT_REQUIRED' });
    expect(await allFactsReadBy(() => other.answer(GROUPS))).toBe(1);
  });
});
