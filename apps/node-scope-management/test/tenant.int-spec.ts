import { BUILT_IN_ROLE_KEYS } from '@bastion/access';
import { ACTIVE_TENANT } from '@bastion/testing';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const CREATE = `mutation ($input: CreateTenantInput!, $key: String) {
  createTenant(input: $input, idempotencyKey: $key) {
    revision consistencyToken tenant { id name status }
  }
}`;
const SUSPEND = `mutation ($id: ID!, $reason: String, $key: String) {
  suspendTenant(tenantId: $id, reason: $reason, idempotencyKey: $key) {
    revision tenant { id status }
  }
}`;
const RESUME = `mutation ($id: ID!) { resumeTenant(tenantId: $id) { revision tenant { status } } }`;
const CREATE_USER = `mutation ($input: CreateUserInput!) {
  createUser(input: $input) { user { id } }
}`;
const ASSIGN = `mutation ($input: AssignRoleInput!) {
  assignRole(input: $input) { assignment { id } }
}`;

const newTenant = (id: string | null) => ({
  id,
  name: 'Initech',
  admin: { userName: 'bill', displayName: 'Bill', subject: 'bill@initech' },
});

let service: TestService;
let platform: TestTenant;
let acme: TestTenant;

beforeAll(async () => {
  service = await TestService.start();
  platform = service.platform;
  acme = await service.createTenant('acme');
}, 60_000);

afterAll(() => service?.stop());

describe('the own tenant', () => {
  it('is told to everyone in it', async () => {
    expect(await acme.admin.answer('{ tenant { id name status rootScopeId } }')).toEqual({
      tenant: { id: 'acme', name: 'Tenant acme', status: 'ACTIVE', rootScopeId: acme.rootScopeId },
    });
  });

  it('is told to nobody that it does not know', async () => {
    const stranger = service.as('acme', 'stranger');
    expect((await stranger.refusal('{ tenant { id } }')).extensions.code).toBe('FORBIDDEN');
    const nowhere = service.as('no-such-tenant', 'stranger');
    expect(await nowhere.refusal('{ tenant { id } }')).toMatchObject({
      message: (await stranger.refusal('{ tenant { id } }')).message,
    });
  });
});

describe('createTenant', () => {
  it('makes a tenant whose first administrator can work at once', async () => {
    const { createTenant } = await platform.admin.answer<{
      createTenant: { revision: number; tenant: unknown };
    }>(CREATE, { input: newTenant('initech') });
    expect(createTenant).toMatchObject({
      revision: 1,
      tenant: { id: 'initech', name: 'Initech', status: 'ACTIVE' },
    });

    const bill = service.as('initech', 'bill@initech');
    const { roles, rootScope, roleAssignments } = await bill.answer<{
      roles: { nodes: { builtIn: string; id: string }[] };
      rootScope: { id: string; name: string; parentId: null };
      roleAssignments: { nodes: object[] };
    }>(`{
      roles { nodes { builtIn id } }
      rootScope { id name parentId }
      roleAssignments { nodes { roleId scopeId reach effect grantedBy } }
    }`);
    expect(roles.nodes.map(({ builtIn }) => builtIn).sort()).toEqual(
      [...BUILT_IN_ROLE_KEYS].sort(),
    );
    expect(rootScope).toMatchObject({ name: 'Initech', parentId: null });
    const tenantAdmin = roles.nodes.find(({ builtIn }) => builtIn === 'tenant-admin');
    expect(roleAssignments.nodes).toEqual([
      {
        roleId: tenantAdmin?.id,
        scopeId: rootScope.id,
        reach: 'SUBTREE',
        effect: 'ALLOW',
        grantedBy: null,
      },
    ]);
  });

  it('commits one revision of the new tenant, which its events rebuild from nothing', async () => {
    await platform.admin.answer(CREATE, { input: newTenant('rebuilt') });
    const observer = new TenantObserver(service, 'rebuilt');
    expect(await observer.counter()).toMatchObject({ epoch: 1, revision: 1 });
    const [message] = await observer.messagesAfter(0);
    expect(message).toMatchObject({ kind: 'CHANGES', tenantId: 'rebuilt', epoch: 1, revision: 1 });
    expect((await observer.auditChain()).map(({ entry }) => entry)).toMatchObject([
      {
        operation: 'create-tenant',
        target: 'rebuilt',
        actor: { kind: 'OPERATOR' },
        origin: { operator: `platform:${platform.adminId}` },
        revision: 1,
      },
    ]);
  });

  it('is entered into the audit of the platform, which is no revision of it', async () => {
    const observer = new TenantObserver(service, 'platform');
    const before = await observer.counter();
    const chain = await observer.auditChain();
    await platform.admin.answer(CREATE, { input: newTenant('audited') });
    expect(await observer.counter()).toEqual(before);
    const [entry] = (await observer.auditChain()).slice(chain.length);
    expect(entry?.entry).toMatchObject({
      operation: 'authorize-create-tenant',
      target: 'audited',
      actor: { kind: 'PRINCIPAL', principalId: platform.adminId },
      origin: { issuer: service.issuer.url },
    });
  });

  it('makes up an id where none is given, and once for all retries with the same key', async () => {
    const request = { input: newTenant(null), key: 'create-once' };
    const first = await platform.admin.answer<{ createTenant: { tenant: { id: string } } }>(
      CREATE,
      request,
    );
    expect(first.createTenant.tenant.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await platform.admin.answer(CREATE, request)).toEqual(first);
    expect(
      await service.database.query('SELECT FROM tenants WHERE tenant_id = $1', [
        first.createTenant.tenant.id,
      ]),
    ).toHaveLength(1);
  });

  it('refuses an id that is taken and leaves its holder as it is', async () => {
    const observer = new TenantObserver(service, 'acme');
    const error = await observer.refusalOf(() =>
      platform.admin.refusal(CREATE, { input: newTenant('acme') }),
    );
    expect(error.extensions.code).toBe('ALREADY_EXISTS');
  });

  it('gives a tenant to one of two who create it at the same time', async () => {
    const answers = await Promise.all(
      [1, 2].map(() => platform.admin.send(CREATE, { input: newTenant('contested') })),
    );
    const codes = answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'CREATED');
    expect(codes.sort()).toEqual(['ALREADY_EXISTS', 'CREATED']);
    expect(await new TenantObserver(service, 'contested').counter()).toMatchObject({ revision: 1 });
  });

  it('is refused to another tenant, whatever its callers hold there', async () => {
    const observer = new TenantObserver(service, 'acme');
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(CREATE, { input: newTenant('mine') }),
    );
    expect(error.extensions.code).toBe('FORBIDDEN');
    expect(await service.database.query(`SELECT FROM tenants WHERE tenant_id = 'mine'`)).toEqual(
      [],
    );
  });

  it('is refused to principals of the platform without tenant:write', async () => {
    const auditor = await operatorWith('auditor');
    const observer = new TenantObserver(service, 'platform');
    const error = await observer.refusalOf(() =>
      auditor.refusal(CREATE, { input: newTenant('theirs') }),
    );
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    ['an id with a slash', { ...newTenant('a/b') }],
    ['an id of 65 letters', { ...newTenant('a'.repeat(65)) }],
    ['a name with a control character', { ...newTenant('named'), name: 'a\u0000b' }],
    ['a name of 201 letters', { ...newTenant('named'), name: 'a'.repeat(201) }],
    [
      'an administrator without a subject',
      { ...newTenant('named'), admin: { ...newTenant('x').admin, subject: '' } },
    ],
  ])('refuses %s', async (_what, input) => {
    const observer = new TenantObserver(service, 'platform');
    const error = await observer.refusalOf(() => platform.admin.refusal(CREATE, { input }));
    expect(error.extensions.code).toBe('INVALID_INPUT');
  });
});

describe('suspendTenant and resumeTenant', () => {
  it('shut everyone out of the tenant and let them in again', async () => {
    const umbrella = await service.createTenant('umbrella');
    const observer = new TenantObserver(service, 'umbrella');
    const suspended = await observer.effectOf(() =>
      platform.admin.answer(SUSPEND, { id: 'umbrella', reason: 'unpaid' }),
    );
    expect(suspended.events).toEqual([
      { type: 'tenant-suspended', tenant: { ...ACTIVE_TENANT, status: 'SUSPENDED' } },
    ]);
    expect(suspended.audit).toMatchObject({ operation: 'suspend-tenant', reason: 'unpaid' });

    const user = { userName: 'u', displayName: 'U', status: 'ACTIVE' };
    const write = await observer.refusalOf(() =>
      umbrella.admin.refusal(CREATE_USER, { input: user }),
    );
    expect(write.extensions.code).toBe('TENANT_SUSPENDED');
    for (const query of ['{ me { tenantId } }', '{ tenant { id } }', '{ users { totalCount } }']) {
      expect((await umbrella.admin.refusal(query)).extensions.code).toBe('TENANT_SUSPENDED');
    }

    const resumed = await observer.effectOf(() =>
      platform.admin.answer(RESUME, { id: 'umbrella' }),
    );
    expect(resumed.events).toEqual([{ type: 'tenant-resumed', tenant: ACTIVE_TENANT }]);
    await umbrella.admin.answer('{ me { tenantId } }');
  });

  it('refuse what is so already', async () => {
    const observer = new TenantObserver(service, 'acme');
    const error = await observer.refusalOf(() => platform.admin.refusal(RESUME, { id: 'acme' }));
    expect(error.extensions.code).toBe('INVALID_STATUS_CHANGE');
  });

  it('refuse a tenant that does not exist', async () => {
    const error = await platform.admin.refusal(SUSPEND, { id: 'no-such-tenant' });
    expect(error.extensions.code).toBe('NOT_FOUND');
  });

  it('refuse the platform itself', async () => {
    const observer = new TenantObserver(service, 'platform');
    const error = await observer.refusalOf(() =>
      platform.admin.refusal(SUSPEND, { id: 'platform' }),
    );
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  it('are refused to the tenant itself', async () => {
    const observer = new TenantObserver(service, 'acme');
    const error = await observer.refusalOf(() => acme.admin.refusal(SUSPEND, { id: 'acme' }));
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  it('are done once for an idempotency key', async () => {
    await service.createTenant('once');
    const request = { id: 'once', key: 'suspend-once' };
    const first = await platform.admin.answer(SUSPEND, request);
    expect(await platform.admin.answer(SUSPEND, request)).toEqual(first);
    expect(await new TenantObserver(service, 'once').counter()).toMatchObject({ revision: 2 });
  });
});

describe('tenants', () => {
  const LIST = `query ($after: String) {
    tenants(first: 3, after: $after) {
      totalCount nodes { id } pageInfo { hasNextPage endCursor }
    }
  }`;
  interface List {
    tenants: {
      totalCount: number;
      nodes: { id: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string | null };
    };
  }

  it('are listed to operators page by page, each once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { tenants }: List = await platform.admin.answer(LIST, { after });
      seen.push(...tenants.nodes.map(({ id }) => id));
      after = tenants.pageInfo.hasNextPage ? tenants.pageInfo.endCursor : null;
    } while (after !== null);
    const rows = await service.database.query<{ id: string }>(
      'SELECT tenant_id AS id FROM tenants',
    );
    expect(seen.sort()).toEqual(rows.map(({ id }) => id).sort());
  });

  it('are listed to nobody else', async () => {
    expect((await acme.admin.refusal(LIST)).extensions.code).toBe('FORBIDDEN');
  });
});

/** Someone of the platform who holds one built-in role at its root. */
async function operatorWith(role: string) {
  const { createUser } = await platform.admin.answer<{ createUser: { user: { id: string } } }>(
    CREATE_USER,
    { input: { userName: role, displayName: role, subject: `${role}@platform`, status: 'ACTIVE' } },
  );
  const { roles } = await platform.admin.answer<{
    roles: { nodes: { id: string; builtIn: string }[] };
  }>('{ roles { nodes { id builtIn } } }');
  await platform.admin.answer(ASSIGN, {
    input: {
      granteeKind: 'USER',
      granteeId: createUser.user.id,
      roleId: roles.nodes.find(({ builtIn }) => builtIn === role)?.id,
      scopeId: platform.rootScopeId,
    },
  });
  return service.as('platform', `${role}@platform`);
}
