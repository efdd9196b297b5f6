import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TestSubscription } from '@bastion/testing';
import { createNodeScopeManagement } from '../src/create-node-scope-management.js';
import { GraphqlClient } from './support/graphql-client.js';
import { Seed } from './support/seed.js';
import { TestService, type TestTenant } from './support/test-service.js';

interface Told {
  readonly changes: {
    readonly cursor: string;
    readonly revision: number;
    readonly operation: string | null;
    readonly target: string | null;
    readonly actorId: string | null;
    readonly consistencyToken: string | null;
    readonly changes: readonly { readonly kind: string; readonly id: string | null }[];
  };
}

const CHANGES = `subscription ($after: String) {
  changes(after: $after) {
    cursor revision operation target actorId consistencyToken changes { kind id }
  }
}`;

let service: TestService;
/** Another process of the same service, as far as one process can be two. */
let other: NestFastifyApplication;
let otherUrl: string;
let acme: TestTenant;
let seed: Seed;

beforeAll(async () => {
  service = await TestService.start();
  other = await createNodeScopeManagement();
  await other.listen(0, '127.0.0.1');
  otherUrl = await other.getUrl();
  acme = await service.createTenant('acme');
  seed = new Seed(service, acme);
});

afterAll(async () => {
  await other.close();
  await service.stop();
});

async function watch(
  subject = 'admin@acme',
  { after, url = service.url }: { after?: string; url?: string } = {},
): Promise<TestSubscription<Told>> {
  const token = await service.issuer.token({ tenantId: 'acme', subject });
  return new TestSubscription<Told>(url, token, { query: CHANGES, variables: { after } });
}

/** As the administrator of acme, at the other process. */
const atOther = () =>
  new GraphqlClient(otherUrl, () =>
    service.issuer.token({ tenantId: 'acme', subject: 'admin@acme' }),
  );

const createGroupAt = async (client: GraphqlClient, name: string): Promise<string> => {
  const { createGroup } = await client.answer<{ createGroup: { group: { id: string } } }>(
    'mutation ($name: String!) { createGroup(input: { name: $name }) { group { id } } }',
    { name },
  );
  return createGroup.group.id;
};

async function targets(watching: TestSubscription<Told>, count: number): Promise<unknown[]> {
  const found: unknown[] = [];
  while (found.length < count) found.push((await watching.data()).changes.target);
  return found;
}

describe('changes', () => {
  it('tells who did what to what, and what changed by it', async () => {
    const watching = await watch();
    const { changes: first } = await watching.data();
    expect(first).toMatchObject({ operation: null, actorId: null, changes: [] });
    const id = await seed.group();
    const { changes: told } = await watching.data();
    expect(told).toMatchObject({
      ...{ revision: first.revision + 1, operation: 'create-group', target: id },
      ...{ actorId: acme.adminId, changes: [{ kind: 'GROUP', id }] },
    });
    expect(told.consistencyToken).toEqual(expect.stringMatching(/^v1\./));
    await watching.stop();
  });

  it('tells every process of the changes of each, in one order, and of none of another tenant', async () => {
    const beta = await service.createTenant('beta');
    const watching = [await watch(), await watch('admin@acme', { url: otherUrl })];
    for (const each of watching) await each.data();
    const made: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      await createGroupAt(beta.admin, `theirs-${round}`);
      const client = round % 2 === 0 ? acme.admin : atOther();
      made.push(await createGroupAt(client, `both-${round}`));
    }
    for (const each of watching) {
      expect(await targets(each, made.length)).toEqual(made);
      await each.stop();
    }
  });

  it('loses none of those that are committed at the same time', async () => {
    const watching = await watch();
    await watching.data();
    const names = Array.from({ length: 20 }, (_, index) => `at-once-${index}`);
    const made = await Promise.all(
      names.map((name, index) => createGroupAt(index % 2 ? acme.admin : atOther(), name)),
    );
    const told = await targets(watching, made.length);
    expect(new Set(told)).toEqual(new Set(made));
    await watching.stop();
  });

  it('goes on after a cursor', async () => {
    const watching = await watch();
    const { cursor } = (await watching.data()).changes;
    await watching.stop();
    const missed = [await seed.group(), await seed.group()];
    const again = await watch('admin@acme', { after: cursor });
    expect((await again.data()).changes.operation).toBeNull();
    expect(await targets(again, 2)).toEqual(missed);
    await again.stop();
  });

  it.each([
    '',
    'x',
    Buffer.from('999999').toString('base64url'),
    Buffer.from('-1').toString('base64url'),
  ])('refuses %j as a cursor', async (after) => {
    const watching = await watch('admin@acme', { after });
    expect(await watching.next()).toMatchObject({
      errors: [{ extensions: { code: 'INVALID_INPUT' } }],
    });
    await watching.stop();
  });

  /** Somebody who may read the audit, by an assignment of their own. */
  async function auditor(name: string, validUntil?: string) {
    const userId = await seed.user(name);
    const roleId = await seed.role(['audit:read']);
    const input = { granteeKind: 'USER', granteeId: userId, roleId, scopeId: acme.rootScopeId };
    const { assignRole } = await acme.admin.answer<{
      assignRole: { assignment: { id: string } };
    }>('mutation ($input: AssignRoleInput!) { assignRole(input: $input) { assignment { id } } }', {
      input: { ...input, validUntil },
    });
    return { userId, subject: `${name}@acme`, assignmentId: assignRole.assignment.id };
  }

  const FORBIDDEN = { errors: [{ extensions: { code: 'FORBIDDEN' } }] };

  it('is for who may read the audit', async () => {
    await seed.user('nobody');
    const watching = await watch('nobody@acme');
    expect(await watching.next()).toMatchObject(FORBIDDEN);
    await watching.stop();
  });

  it.each(['this process', 'another process'])(
    'is cut off at once from who loses the permission, by %s',
    async (where) => {
      const { subject, assignmentId } = await auditor(`loser-${where.split(' ')[0]}`);
      const watching = await watch(subject);
      await watching.data();
      const client = where === 'this process' ? acme.admin : atOther();
      await client.answer('mutation ($id: ID!) { unassignRole(assignmentId: $id) { revision } }', {
        id: assignmentId,
      });
      expect(await watching.next()).toMatchObject(FORBIDDEN);
      await watching.stop();
    },
  );

  it('is cut off at once from who is suspended, and when the permission ends by itself', async () => {
    const suspended = await auditor('suspended');
    const watching = await watch(suspended.subject);
    await watching.data();
    await acme.admin.answer('mutation ($id: ID!) { suspendUser(userId: $id) { revision } }', {
      id: suspended.userId,
    });
    expect(await watching.next()).toMatchObject(FORBIDDEN);
    await watching.stop();

    const temporary = await auditor('temporary', new Date(Date.now() + 1_500).toISOString());
    const ending = await watch(temporary.subject);
    await ending.data();
    expect(await ending.next()).toMatchObject(FORBIDDEN);
    await ending.stop();
  });

  it('is cut off at once from all of a tenant that is suspended', async () => {
    const watching = await watch();
    await watching.data();
    await service.platform.admin.answer(
      'mutation { suspendTenant(tenantId: "acme") { revision } }',
      {},
    );
    const told = await watching.next();
    expect(told).toMatchObject({
      errors: [{ extensions: { code: expect.stringMatching(/^(FORBIDDEN|TENANT_SUSPENDED)$/) } }],
    });
    await watching.stop();
  });
});
