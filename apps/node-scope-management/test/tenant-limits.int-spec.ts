import { TenantObserver } from './support/tenant-observer.js';
import { Seed } from './support/seed.js';
import { TestService, type TestTenant } from './support/test-service.js';

const SET = `mutation ($id: ID!, $limits: TenantLimitsInput!, $reason: String) {
  setTenantLimits(tenantId: $id, limits: $limits, reason: $reason) {
    revision tenant { id limits { principals groups roles } usage { principals groups } }
  }
}`;
const ROOM = `{ tenant {
  limits { principals groups scopes resources roles assignments }
  usage { principals groups scopes resources roles assignments }
} }`;
const NO_LIMITS = {
  ...{ principals: null, groups: null, scopes: null },
  ...{ resources: null, roles: null, assignments: null },
};
const CREATE_GROUP = 'mutation { createGroup(input: { name: "one too many" }) { revision } }';

let service: TestService;
let platform: TestTenant;
let acme: TestTenant;
let observer: TenantObserver;

beforeAll(async () => {
  service = await TestService.start();
  platform = service.platform;
  acme = await service.createTenant('acme');
  observer = new TenantObserver(service, 'acme');
}, 60_000);

afterAll(() => service?.stop());

const limit = (limits: object) =>
  platform.admin.answer(SET, { id: 'acme', limits, reason: 'contract of 2026' });

describe('the limits of a tenant', () => {
  it('are none until an operator sets them, and seen beside what there is by everyone in it', async () => {
    expect(await acme.admin.answer(ROOM)).toEqual({
      tenant: {
        limits: NO_LIMITS,
        usage: {
          ...{ principals: 1, groups: 0, scopes: 1, resources: 0, assignments: 1 },
          roles: expect.any(Number),
        },
      },
    });
  });

  it('are set in part, audited with what was before, and no revision', async () => {
    await limit({ groups: 1, roles: 50 });
    const { revision } = await observer.counter();
    await limit({ groups: null, principals: 2 });
    expect((await observer.counter()).revision).toBe(revision);
    expect((await observer.auditChain()).at(-1)?.entry).toMatchObject({
      operation: 'set-tenant-limits',
      reason: 'contract of 2026',
      changes: [],
      details: {
        before: { ...NO_LIMITS, groups: 1, roles: 50 },
        limits: { ...NO_LIMITS, principals: 2, roles: 50 },
      },
    });
    const { managedTenant } = await platform.admin.answer<{ managedTenant: object }>(
      '{ managedTenant(tenantId: "acme") { limits { principals roles } usage { principals } } }',
    );
    expect(managedTenant).toEqual({
      limits: { principals: 2, roles: 50 },
      usage: { principals: 1 },
    });
  });

  it('refuse the write that would pass one, and let the tenant shrink and change below it', async () => {
    await limit({ groups: 2 });
    const seed = new Seed(service, acme);
    const groups = [await seed.group(), await seed.group()];
    const error = await observer.refusalOf(() => acme.admin.refusal(CREATE_GROUP));
    expect(error.extensions).toMatchObject({
      code: 'TENANT_LIMIT_REACHED',
      details: { kind: 'groups', limit: 2 },
    });

    await limit({ groups: 0 });
    const user = await seed.user();
    await seed.addMembers(groups[0]!, [{ kind: 'USER', id: user }]);
    await acme.admin.answer('mutation ($id: ID!) { deleteGroup(groupId: $id) { revision } }', {
      id: groups[1],
    });
    expect((await acme.admin.refusal(CREATE_GROUP)).extensions.code).toBe('TENANT_LIMIT_REACHED');
    await limit({ groups: null });
    await acme.admin.answer(CREATE_GROUP);
  });

  it('hold all of many who write at the same time', async () => {
    const crowd = await service.createTenant('crowd');
    await platform.admin.answer(SET, { id: 'crowd', limits: { groups: 3 } });
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        crowd.admin.send(
          'mutation ($n: String!) { createGroup(input: { name: $n }) { revision } }',
          {
            n: `g${n}`,
          },
        ),
      ),
    );
    expect(outcomes.filter(({ errors }) => !errors)).toHaveLength(3);
  });

  it('are the operators’ alone to set, and no numbers below zero', async () => {
    const variables = { id: 'acme', limits: { groups: 5 } };
    expect((await acme.admin.refusal(SET, variables)).extensions.code).toBe('FORBIDDEN');
    const negative = { id: 'acme', limits: { groups: -1 } };
    expect((await platform.admin.refusal(SET, negative)).extensions.code).toBe('INVALID_INPUT');
    const nowhere = { id: 'no-such-tenant', limits: { groups: 1 } };
    expect((await platform.admin.refusal(SET, nowhere)).extensions.code).toBe('NOT_FOUND');
  });
});

describe('tenants, to operators', () => {
  interface List {
    tenants: { totalCount: number; nodes: { id: string; name: string }[] };
  }
  const list = (filter: string) =>
    platform.admin.answer<List>(
      `{ tenants(filter: { ${filter} }) { totalCount nodes { id name } } }`,
    );

  it('are renamed, and found by a part of the name or the id, and by status', async () => {
    await service.createTenant('initech');
    const renamed = await platform.admin.answer(
      `mutation { renameTenant(tenantId: "initech", name: "100% Initrode") { tenant { name } } }`,
    );
    expect(renamed).toEqual({ renameTenant: { tenant: { name: '100% Initrode' } } });
    const found = { totalCount: 1, nodes: [{ id: 'initech', name: '100% Initrode' }] };
    expect((await list('search: "INITECH"')).tenants).toEqual(found);
    expect((await list('search: "0% i"')).tenants).toEqual(found);
    expect((await list('search: "%i_"')).tenants.totalCount).toBe(0);
    await platform.admin.answer('mutation { suspendTenant(tenantId: "initech") { revision } }');
    expect((await list('status: SUSPENDED')).tenants).toEqual(found);
    expect((await list('status: SUSPENDED, search: "acme"')).tenants.totalCount).toBe(0);
  });
});
