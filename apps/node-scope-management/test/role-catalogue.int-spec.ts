import type { GraphqlClient } from './support/graphql-client.js';
import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const CONTENT = 'name description permissions includes assignableOn privileged piercing';
const VERSIONS = `query ($id: ID!, $first: Int, $after: String) {
  role(id: $id) {
    version ${CONTENT}
    versions(first: $first, after: $after) {
      totalCount pageInfo { endCursor hasNextPage } nodes { version changedBy ${CONTENT} }
    }
  }
}`;
const CHANGE = `mutation ($input: ChangeRoleInput!) { changeRole(input: $input) { revision } }`;
const RESTORE = `mutation ($id: ID!, $version: Int!) {
  restoreRoleVersion(roleId: $id, version: $version) { revision role { version ${CONTENT} } }
}`;
const REGISTER = `mutation ($types: [ResourceTypeInput!]!) {
  registerResourceTypes(types: $types) {
    revision version
    resourceTypes { type deprecated origin verbs { name deprecated } }
  }
}`;
const TYPES = `query ($filter: ResourceTypeFilter!, $after: String) {
  resourceTypes(first: 5, after: $after, filter: $filter) {
    totalCount pageInfo { endCursor hasNextPage }
    nodes { type origin registeredBy deprecated verbs { name deprecated } }
  }
}`;

interface Version extends Record<string, unknown> {
  readonly version: number;
}
interface Versions {
  readonly role: Version & {
    readonly versions: {
      readonly totalCount: number;
      readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
      readonly nodes: readonly Version[];
    };
  };
}
interface Types {
  readonly resourceTypes: {
    readonly totalCount: number;
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
    readonly nodes: readonly { readonly type: string; readonly origin: string }[];
  };
}

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

const verbs = (...names: string[]) => names.map((name) => ({ name, description: `To ${name}` }));

describe('the versions of a role', () => {
  it('are kept with who made them, the latest first, and pages of them', async () => {
    const included = await seed.role(['document:list']);
    const id = await seed.role(['document:read'], { includes: [included], piercing: true });
    const writer = await seed.caller(['role:*', 'document:*']);
    await writer.answer(CHANGE, { input: { roleId: id, permissions: ['document:write'] } });
    await acme.admin.answer(CHANGE, { input: { roleId: id, privileged: true } });
    // It goes out of what includes it, which is a change of that.
    await acme.admin.answer('mutation ($id: ID!) { retireRole(roleId: $id) { revision } }', {
      id: included,
    });

    const { role } = await acme.admin.answer<Versions>(VERSIONS, { id, first: 2 });
    expect(role).toMatchObject({ version: 4, includes: [], permissions: ['document:write'] });
    expect(role.versions).toMatchObject({
      totalCount: 3,
      pageInfo: { hasNextPage: true },
      nodes: [
        { version: 3, privileged: true, includes: [included], changedBy: acme.adminId },
        { version: 2, privileged: false, permissions: ['document:write'], changedBy: writer.id },
      ],
    });
    const after = role.versions.pageInfo.endCursor;
    const { role: rest } = await acme.admin.answer<Versions>(VERSIONS, { id, first: 2, after });
    expect(rest.versions.nodes).toMatchObject([
      { version: 1, permissions: ['document:read'], piercing: true, changedBy: acme.adminId },
    ]);
  });

  it('come back by an ordinary change, held to its rules', async () => {
    const id = await seed.role(['document:*'], { description: 'Before' });
    await seed.assignment(await seed.user(), id);
    const input = { roleId: id, permissions: ['document:read'], description: 'After' };
    await acme.admin.answer(CHANGE, { input });

    const writer = await seed.caller(['role:*', 'document:read']);
    const refusals = [
      await observer.refusalOf(() => writer.refusal(RESTORE, { id, version: 1 })),
      await observer.refusalOf(() => acme.admin.refusal(RESTORE, { id, version: 7 })),
    ];
    expect(refusals.map(({ extensions }) => extensions.code)).toEqual(['ESCALATION', 'NOT_FOUND']);
    const { answer, events, audit } = await observer.effectOf(() =>
      acme.admin.answer(RESTORE, { id, version: 1 }),
    );
    expect(answer).toMatchObject({
      restoreRoleVersion: {
        role: { version: 3, permissions: ['document:*'], description: 'Before' },
      },
    });
    expect(events).toMatchObject([{ type: 'role-changed', role: { permissions: ['document:*'] } }]);
    expect(audit).toMatchObject({ operation: 'restore-role-version', target: id });
  });

  it('can be changed by nobody who serves the API, and go with their tenant alone', async () => {
    const grants = await service.database.query(
      `SELECT privilege_type AS may FROM information_schema.role_table_grants
       WHERE table_name = 'role_versions' AND grantee LIKE 'scope_management%' ORDER BY 1`,
    );
    // The deletion: tenant-deletion.int-spec.
    expect(grants).toEqual([{ may: 'DELETE' }, { may: 'INSERT' }, { may: 'SELECT' }]);
  });
});

describe('what reviews look for', () => {
  const ROLES = `query ($privileged: Boolean) {
    roles(first: 500, filter: { privileged: $privileged }) { nodes { id } }
  }`;
  const ASSIGNMENTS = `query ($filter: RoleAssignmentFilter!) {
    roleAssignments(first: 500, filter: $filter) { nodes { id } }
  }`;
  const listed = async (query: string, variables: object) => {
    const answer = await acme.admin.answer<Record<string, { nodes: { id: string }[] }>>(
      query,
      variables,
    );
    return new Set(Object.values(answer).flatMap(({ nodes }) => nodes.map(({ id }) => id)));
  };

  it('is found: privileged roles, those that include one, and who holds them', async () => {
    const privileged = await seed.role(['document:read'], { privileged: true });
    const wrapped = await seed.role([], { includes: [privileged] });
    const plain = await seed.role([]);
    const held = await seed.assignment(await seed.user(), wrapped);
    const other = await seed.assignment(await seed.user(), plain);

    const [yes, no] = [
      await listed(ROLES, { privileged: true }),
      await listed(ROLES, { privileged: false }),
    ];
    const isIn = (ids: Set<string>) => [privileged, wrapped, plain].map((id) => ids.has(id));
    expect([isIn(yes), isIn(no)]).toEqual([
      [true, true, false],
      [false, false, true],
    ]);
    for (const [wanted, found] of [
      [true, held],
      [false, other],
    ] as const) {
      const ids = await listed(ASSIGNMENTS, { filter: { privileged: wanted } });
      expect([ids.has(held), ids.has(other)]).toEqual([found === held, found === other]);
    }
  });

  it('is found: what ends before an instant', async () => {
    const role = await seed.role([]);
    const until = async (validUntil: string | null) =>
      seed.assignment(await seed.user(), role, acme.rootScopeId, { validUntil });
    const soon = await until('2090-01-01T00:00:00Z');
    await until('2090-01-01T00:00:01Z');
    await until(null);
    const filter = { roleId: role, expiringBefore: '2090-01-01T00:00:01Z' };
    expect(await listed(ASSIGNMENTS, { filter })).toEqual(new Set([soon]));
  });
});

describe('the permission catalogue', () => {
  const register = (client: GraphqlClient, types: object) =>
    client.answer<{ registerResourceTypes: { version: number } }>(REGISTER, { types });

  it('takes what a service knows in the place of what it had, and no fact changes', async () => {
    const wiki = await seed.caller(['catalogue:write']);
    const before = await observer.counter();
    await register(wiki, [
      { type: 'page', description: 'Pages', verbs: verbs('read', 'write', 'purge') },
      { type: 'space', verbs: verbs('read') },
      { type: 'draft', verbs: verbs('read') },
    ]);
    const role = await seed.role(['page:purge', 'space:*', 'page:raed', '*', 'nothing:*']);
    expect(
      await acme.admin.answer('query ($id: ID!) { role(id: $id) { unknownPermissions } }', {
        id: role,
      }),
    ).toEqual({ role: { unknownPermissions: ['page:raed', 'nothing:*'] } });

    const types = [{ type: 'page', verbs: verbs('write', 'read') }];
    const now = {
      version: 2,
      resourceTypes: [
        {
          ...{ type: 'page', deprecated: false, origin: 'TENANT' },
          verbs: [
            { name: 'purge', deprecated: true },
            { name: 'read', deprecated: false },
            { name: 'write', deprecated: false },
          ],
        },
        { type: 'space', deprecated: true, origin: 'TENANT', verbs: [] },
      ],
    };
    expect(await register(wiki, types)).toMatchObject({ registerResourceTypes: now });
    expect(await register(wiki, types)).toMatchObject({ registerResourceTypes: now });
    // That of the role; none is the catalogue's.
    expect((await observer.counter()).revision).toBe(before.revision + 1);
  });

  it('shows every tenant what ships and what the platform knows, and no other’s', async () => {
    const beta = await service.createTenant('beta');
    await register(beta.admin, [{ type: 'secret', verbs: verbs('keep') }]);
    await register(acme.admin, [{ type: 'own', verbs: verbs('use') }]);
    const { platform } = service;
    await register(platform.admin, [{ type: 'mail', verbs: verbs('send', 'read') }]);
    await register(platform.admin, [{ type: 'mail', verbs: verbs('send') }]);

    const found: { readonly type: string; readonly origin: string }[] = [];
    let after: string | null = null;
    let totalCount: number;
    do {
      const { resourceTypes }: Types = await acme.admin.answer<Types>(TYPES, { after, filter: {} });
      found.push(...resourceTypes.nodes);
      totalCount = resourceTypes.totalCount;
      after = resourceTypes.pageInfo.hasNextPage ? resourceTypes.pageInfo.endCursor : null;
    } while (after !== null);
    expect(found).toHaveLength(totalCount);
    const names = found.map(({ type }) => type);
    expect(names).toEqual([...names].sort());
    expect(names).not.toContain('secret');
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'user', origin: 'CODE', registeredBy: null }),
        expect.objectContaining({ type: 'own', origin: 'TENANT', registeredBy: acme.adminId }),
        // Of the platform's types nobody knows who uses them, so nothing of them ever goes.
        {
          ...{ type: 'mail', origin: 'PLATFORM', registeredBy: null, deprecated: false },
          verbs: [
            { name: 'read', deprecated: true },
            { name: 'send', deprecated: false },
          ],
        },
      ]),
    );
    const filter = { origin: 'PLATFORM', search: 'MAI', deprecated: false };
    const { resourceTypes } = await acme.admin.answer<Types>(TYPES, { filter });
    expect(resourceTypes.totalCount).toBe(1);
  });

  it('knows every permission of the built-in roles', async () => {
    const { roles } = await acme.admin.answer<{
      roles: { nodes: { builtIn: string | null; unknownPermissions: string[] }[] };
    }>('{ roles(first: 500, filter: { builtIn: true }) { nodes { builtIn unknownPermissions } } }');
    expect(roles.nodes.flatMap(({ unknownPermissions }) => unknownPermissions)).toEqual([]);
  });

  it('is refused without the right, and twice the same type', async () => {
    const caller = await seed.caller(['role:*']);
    const types = [{ type: 'page', verbs: verbs('read') }];
    const refusals = [
      await observer.refusalOf(() => caller.refusal(REGISTER, { types })),
      await observer.refusalOf(() => acme.admin.refusal(REGISTER, { types: [...types, ...types] })),
      await observer.refusalOf(() =>
        acme.admin.refusal(REGISTER, { types: [{ type: 'a:b', verbs: verbs('read') }] }),
      ),
    ];
    expect(refusals.map(({ extensions }) => extensions.code)).toEqual([
      'FORBIDDEN',
      'INVALID_INPUT',
      'INVALID_INPUT',
    ]);
  });
});
