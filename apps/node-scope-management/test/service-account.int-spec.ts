import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const ACCOUNT = 'id name subject status';
const CREATE = `mutation ($input: CreateServiceAccountInput!) {
  createServiceAccount(input: $input) { revision serviceAccount { ${ACCOUNT} } }
}`;
const CHANGE = (verb: string) => `mutation ($id: ID!) {
  ${verb}ServiceAccount(serviceAccountId: $id) { serviceAccount { ${ACCOUNT} } }
}`;

let service: TestService;
let acme: TestTenant;
let seed: Seed;
let observer: TenantObserver;

beforeAll(async () => {
  service = await TestService.start();
  acme = await service.createTenant('acme');
  seed = new Seed(service, acme);
  observer = new TenantObserver(service, 'acme');
}, 60_000);

afterAll(() => service?.stop());

describe('createServiceAccount', () => {
  it('creates an active service account, in one revision', async () => {
    const { answer, events } = await observer.effectOf(() =>
      acme.admin.answer<{ createServiceAccount: { serviceAccount: { id: string } } }>(CREATE, {
        input: { name: 'Importer', subject: 'importer' },
      }),
    );
    const { id } = answer.createServiceAccount.serviceAccount;
    expect(answer.createServiceAccount.serviceAccount).toEqual({
      id,
      name: 'Importer',
      subject: 'importer',
      status: 'ACTIVE',
    });
    expect(events).toEqual([
      {
        type: 'principal-created',
        principal: { id, kind: 'SERVICE_ACCOUNT', status: 'ACTIVE', subject: 'importer' },
      },
    ]);
  });

  it('is its own subject unless told otherwise', async () => {
    const { createServiceAccount } = await acme.admin.answer<{
      createServiceAccount: { serviceAccount: { id: string; subject: string } };
    }>(CREATE, { input: { name: 'Quiet' } });
    const { id, subject } = createServiceAccount.serviceAccount;
    expect(subject).toBe(id);
  });

  it('refuses the subject of any living principal', async () => {
    await seed.user('Ada');
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(CREATE, { input: { name: 'Ada', subject: 'Ada@acme' } }),
    );
    expect(error.extensions.code).toBe('ALREADY_EXISTS');
  });

  it('is refused without service-account:write', async () => {
    const caller = await seed.caller(['user:*', 'service-account:read']);
    const error = await observer.refusalOf(() =>
      caller.refusal(CREATE, { input: { name: 'Mine' } }),
    );
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    ['a name of 201 letters', { name: 'a'.repeat(201) }],
    ['a name with U+0000', { name: 'a\u0000b' }],
    ['a subject with U+0000', { name: 'a', subject: 's\u0000' }],
  ])('refuses %s', async (_what, input) => {
    const error = await observer.refusalOf(() => acme.admin.refusal(CREATE, { input }));
    expect(error.extensions.code).toBe('INVALID_INPUT');
  });
});

describe('the life of a service account', () => {
  it('leads by way of a suspension to the end, which takes what it held along', async () => {
    const id = await seed.serviceAccount();
    await seed.group([{ kind: 'SERVICE_ACCOUNT', id }]);
    await seed.assignment(id, await seed.builtInRole('reader'), acme.rootScopeId, {
      granteeKind: 'SERVICE_ACCOUNT',
    });
    for (const [verb, status, types] of [
      ['suspend', 'SUSPENDED', ['principal-status-changed']],
      ['activate', 'ACTIVE', ['principal-status-changed']],
      [
        'deprovision',
        'DEPROVISIONED',
        ['principal-status-changed', 'role-unassigned', 'member-removed'],
      ],
    ] as const) {
      const { answer, events } = await observer.effectOf(() =>
        acme.admin.answer<Record<string, unknown>>(CHANGE(verb), { id }),
      );
      expect(answer[`${verb}ServiceAccount`]).toMatchObject({ serviceAccount: { id, status } });
      expect(events.map(({ type }) => type)).toEqual(types);
    }
  });

  it('is refused without service-account:write', async () => {
    const id = await seed.serviceAccount();
    const caller = await seed.caller(['user:*', 'service-account:read']);
    const error = await observer.refusalOf(() => caller.refusal(CHANGE('suspend'), { id }));
    expect(error.extensions.code).toBe('FORBIDDEN');
  });
});

describe('serviceAccount and serviceAccounts', () => {
  it('find them with service-account:read alone', async () => {
    const id = await seed.serviceAccount('Lister');
    const one = 'query ($id: ID!) { serviceAccount(id: $id) { name } }';
    const all = '{ serviceAccounts { totalCount nodes { id } } }';
    const caller = await seed.caller(['service-account:read']);
    expect(await caller.answer(one, { id })).toEqual({ serviceAccount: { name: 'Lister' } });
    const { serviceAccounts } = await caller.answer<{
      serviceAccounts: { totalCount: number; nodes: { id: string }[] };
    }>(all);
    expect(serviceAccounts.nodes).toHaveLength(serviceAccounts.totalCount);
    expect(serviceAccounts.nodes).toContainEqual({ id });

    const other = await seed.caller(['user:*']);
    expect((await other.refusal(one, { id })).extensions.code).toBe('FORBIDDEN');
    expect((await other.refusal(all)).extensions.code).toBe('FORBIDDEN');
  });
});
