import pg from 'pg';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const CREATE_USER = `mutation ($input: CreateUserInput!) {
  createUser(input: $input) { revision user { id } }
}`;
const UNASSIGN = 'mutation ($id: ID!) { unassignRole(assignmentId: $id) { revision } }';
const ADD_MEMBER = `mutation ($id: ID!, $member: ID!) {
  addGroupMembers(groupId: $id, members: [{ kind: GROUP, id: $member }]) { revision }
}`;
const MOVE = `mutation ($id: ID!, $parentId: ID!) {
  moveScope(scopeId: $id, parentId: $parentId) { revision }
}`;

let service: TestService;

beforeAll(async () => {
  service = await TestService.start();
}, 60_000);

afterAll(() => service?.stop());

async function newTenant(id: string) {
  const tenant = await service.createTenant(id);
  const observer = new TenantObserver(service, id);
  return { tenant, observer, seed: new Seed(service, tenant) };
}

const newUsers = (tenant: TestTenant, count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, n) =>
      tenant.admin.answer<{ createUser: { revision: number } }>(CREATE_USER, {
        input: { userName: `user-${n}`, displayName: 'User' },
      }),
    ),
  );

/** The codes that two writes at the same time are answered with, sorted. */
async function race(
  ...writes: Promise<{ errors?: readonly { extensions: { code: string } }[] }>[]
) {
  const answers = await Promise.all(writes);
  return answers.map(({ errors }) => errors?.[0]?.extensions.code ?? 'DONE').sort();
}

describe('writers of one tenant at the same time', () => {
  it('get revisions without gaps or doubles, fifty of them', async () => {
    const { tenant, observer } = await newTenant('gapless');
    const answers = await newUsers(tenant, 50);
    const revisions = answers.map(({ createUser }) => createUser.revision).sort((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: 50 }, (_, n) => n + 2));
    expect(await observer.counter()).toMatchObject({ epoch: 1, revision: 51 });
    const messages = await observer.messagesAfter(0);
    expect(messages.map(({ revision }) => revision)).toEqual(
      Array.from({ length: 51 }, (_, n) => n + 1),
    );
    const chain = await observer.auditChain();
    expect(chain.map(({ entry }) => entry['revision'])).toEqual(
      messages.map(({ revision }) => revision),
    );
  });

  it('leave the last administrator where two are removed', async () => {
    const { observer, seed } = await newTenant('two-admins');
    await seed.assignment(await seed.user(), await seed.builtInRole('tenant-admin'));
    const { assignments } = await observer.facts();
    expect(assignments).toHaveLength(2);
    const remover = await seed.caller(['*']);
    const codes = await race(...assignments.map(({ id }) => remover.send(UNASSIGN, { id })));
    expect(codes).toEqual(['DONE', 'LAST_ADMIN']);
  });

  it('never close a circle of groups together', async () => {
    const { tenant, seed } = await newTenant('two-groups');
    const [a, b] = [await seed.group(), await seed.group()];
    const codes = await race(
      tenant.admin.send(ADD_MEMBER, { id: a, member: b }),
      tenant.admin.send(ADD_MEMBER, { id: b, member: a }),
    );
    expect(codes).toEqual(['DONE', 'GROUP_CYCLE']);
  });

  it('never close a circle of scopes together', async () => {
    const { tenant, seed } = await newTenant('two-scopes');
    const [a, b] = [await seed.scope(), await seed.scope()];
    const codes = await race(
      tenant.admin.send(MOVE, { id: a, parentId: b }),
      tenant.admin.send(MOVE, { id: b, parentId: a }),
    );
    expect(codes).toEqual(['DONE', 'SCOPE_CYCLE']);
  });

  it('never grant to a user on the way out', async () => {
    const { tenant, observer, seed } = await newTenant('leaver');
    const [user, reader] = [await seed.user(), await seed.builtInRole('reader')];
    await Promise.all([
      tenant.admin.send('mutation ($id: ID!) { deprovisionUser(userId: $id) { revision } }', {
        id: user,
      }),
      tenant.admin.send(
        `mutation ($input: AssignRoleInput!) { assignRole(input: $input) { revision } }`,
        {
          input: {
            granteeKind: 'USER',
            granteeId: user,
            roleId: reader,
            scopeId: tenant.rootScopeId,
          },
        },
      ),
    ]);
    const { assignments } = await observer.facts();
    expect(assignments.filter(({ granteeId }) => granteeId === user)).toEqual([]);
  });
});

describe('writers of many tenants at the same time', () => {
  it('do not wait for one another, nor write into one another', async () => {
    const tenants = await Promise.all(['t1', 't2', 't3', 't4'].map((id) => newTenant(id)));
    await Promise.all(tenants.map(({ tenant }) => newUsers(tenant, 10)));
    for (const { observer } of tenants) {
      expect(await observer.counter()).toMatchObject({ epoch: 1, revision: 11 });
      const { principals } = await observer.facts();
      expect(principals).toHaveLength(11);
    }
  });

  it('go on while somebody holds one tenant’s lock, whose own writers are told to try again', async () => {
    const [stuck, free] = await Promise.all(['stuck', 'free'].map((id) => newTenant(id)));
    const holder = new pg.Client({ connectionString: service.database.ownerUrl });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query(`SELECT FROM tenant_counters WHERE tenant_id = 'stuck' FOR UPDATE`);
    const input = (n: number) => ({ input: { userName: `user-${n}`, displayName: 'User' } });
    // More than there are connections.
    const waiting = Array.from({ length: 40 }, (_, n) =>
      stuck!.tenant.admin.send(CREATE_USER, input(n)),
    );
    await newUsers(free!.tenant, 10);
    const answers = await Promise.all(waiting);
    expect(new Set(answers.map(({ errors }) => errors?.[0]?.extensions.code))).toEqual(
      new Set(['UNAVAILABLE']),
    );
    await holder.query('ROLLBACK');
    await holder.end();
    await newUsers(stuck!.tenant, 1);
    expect(await stuck!.observer.counter()).toMatchObject({ revision: 2 });
  });
});
