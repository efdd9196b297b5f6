import pg from 'pg';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

let service: TestService;
let acme: TestTenant;
let beta: TestTenant;
let app: pg.Client;

beforeAll(async () => {
  service = await TestService.start();
  acme = await service.createTenant('acme');
  beta = await service.createTenant('beta');
  app = new pg.Client({ connectionString: service.database.urlAs('scope_management_app') });
  await app.connect();
}, 60_000);

afterAll(async () => {
  await app?.end();
  await service?.stop();
});

const TABLES = [
  'tenants',
  'tenant_counters',
  'users',
  'scopes',
  'roles',
  'role_assignments',
  'outbox_messages',
  'audit_entries',
];

describe('the role of the API', () => {
  it.each(TABLES)(
    'sees nothing of %s outside a tenant, and in one its own alone',
    async (table) => {
      expect((await app.query(`SELECT tenant_id FROM ${table}`)).rows).toEqual([]);
      await app.query('BEGIN');
      await app.query(`SELECT set_config('app.tenant_id', 'acme', true)`);
      const { rows } = await app.query<{ tenant_id: string }>(`SELECT tenant_id FROM ${table}`);
      await app.query('COMMIT');
      expect(new Set(rows.map((row) => row.tenant_id))).toEqual(new Set(['acme']));
      expect((await app.query(`SELECT tenant_id FROM ${table}`)).rows).toEqual([]);
    },
  );

  it('writes into no other tenant', async () => {
    await app.query('BEGIN');
    await app.query(`SELECT set_config('app.tenant_id', 'acme', true)`);
    const insert = app.query(
      `INSERT INTO groups (tenant_id, id, name) VALUES ('beta', gen_random_uuid(), 'planted')`,
    );
    await expect(insert).rejects.toThrow('row-level security');
    await app.query('ROLLBACK');
  });
});

describe('another tenant’s ids', () => {
  const UNKNOWN = '01890000-0000-7000-8000-000000000000';
  const QUERIES = {
    user: 'query ($id: ID!) { user(id: $id) { id } }',
    serviceAccount: 'query ($id: ID!) { serviceAccount(id: $id) { id } }',
    group: 'query ($id: ID!) { group(id: $id) { id members { totalCount } } }',
    scope: 'query ($id: ID!) { scope(id: $id) { id } }',
    role: 'query ($id: ID!) { role(id: $id) { id } }',
    roleAssignment: 'query ($id: ID!) { roleAssignment(id: $id) { id } }',
    scopes: 'query ($id: ID!) { scopes(filter: { parentId: $id }) { totalCount } }',
    roleAssignments: `query ($id: ID!) {
      roleAssignments(filter: { scopeId: $id }) { totalCount nodes { id } }
    }`,
    suspendUser: 'mutation ($id: ID!) { suspendUser(userId: $id) { revision } }',
    suspendServiceAccount: `mutation ($id: ID!) {
      suspendServiceAccount(serviceAccountId: $id) { revision }
    }`,
    deleteGroup: 'mutation ($id: ID!) { deleteGroup(groupId: $id) { revision } }',
    deleteScope: 'mutation ($id: ID!) { deleteScope(scopeId: $id) { revision } }',
    moveScope: 'mutation ($id: ID!) { moveScope(scopeId: $id, parentId: $id) { revision } }',
    retireRole: 'mutation ($id: ID!) { retireRole(roleId: $id) { revision } }',
    changeRole: 'mutation ($id: ID!) { changeRole(input: { roleId: $id }) { revision } }',
    unassignRole: 'mutation ($id: ID!) { unassignRole(assignmentId: $id) { revision } }',
  };

  it('are answered as ids that do not exist, and change nothing', async () => {
    const seed = new Seed(service, beta);
    const [user, scope, role] = [await seed.user(), await seed.scope(), await seed.role([])];
    const ids = [
      user,
      scope,
      role,
      await seed.serviceAccount(),
      await seed.group([{ kind: 'USER', id: user }]),
      await seed.assignment(user, role, scope),
    ];
    const observers = [acme, beta].map(({ id }) => new TenantObserver(service, id));
    const before = await Promise.all(observers.map((observer) => observer.rows()));
    for (const query of Object.values(QUERIES)) {
      const { data, errors } = await acme.admin.send(query, { id: UNKNOWN });
      for (const id of ids) {
        const answer = await acme.admin.send(query, { id });
        expect(withoutRequest(answer)).toEqual(withoutRequest({ data, errors }));
      }
    }
    expect(await Promise.all(observers.map((observer) => observer.rows()))).toEqual(before);
  });
});

describe('whoever has no good token', () => {
  const query = '{ me { tenantId } }';

  it.each([
    ['no token', async () => undefined],
    ['a forged one', () => service.issuer.forgedToken({ tenantId: 'acme', subject: 'admin@acme' })],
    [
      'an expired one',
      () =>
        service.issuer.token({ tenantId: 'acme', subject: 'admin@acme', expiresInSeconds: -60 }),
    ],
    [
      'one for another service',
      () => service.issuer.token({ tenantId: 'acme', subject: 'admin@acme', audience: 'other' }),
    ],
    [
      'one of another issuer',
      () =>
        service.issuer.token({
          tenantId: 'acme',
          subject: 'admin@acme',
          issuer: 'https://elsewhere.example',
        }),
    ],
    ['one without a tenant', () => service.issuer.token({ subject: 'admin@acme' })],
  ])('is told nothing: %s', async (_what, tokenOf) => {
    const token = await tokenOf();
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query }),
    });
    expect(response.status).toBe(401);
    const { data, errors } = (await response.json()) as {
      data?: unknown;
      errors: { extensions: { code: string } }[];
    };
    expect(data ?? null).toBeNull();
    expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
  });
});

/** An answer without what differs from request to request. */
function withoutRequest(answer: unknown): unknown {
  return JSON.parse(JSON.stringify(answer).replaceAll(/"requestId":"[^"]*"/g, '"requestId":""'));
}
