import { readFileSync } from 'node:fs';
import { buildSchema, getNamedType, type GraphQLEnumType, isInputObjectType } from 'graphql';
import { SCHEMA_FILE } from '../src/api-schema.js';
import { countStatements } from './support/count-statements.js';
import { Seed } from './support/seed.js';
import { TestService, type TestTenant } from './support/test-service.js';

/** Equal but for case, of two lengths, beyond ASCII, and what SQL patterns and cursors must survive. */
const NAMES = ['anna', 'Zoe', 'Bob', 'bo', 'ánna', 'a_b', 'A%b', '["x"]', 'ANN'];

/** Where the answer says what an order goes by; in the order of creation it is the id. */
const KEYS: Readonly<Record<string, string>> = {
  'users USER_NAME': 'userName',
  'users DISPLAY_NAME': 'displayName',
  'serviceAccounts NAME': 'name',
  'groups NAME': 'name',
  'roles NAME': 'name',
  'scopes NAME': 'name',
  'roleAssignments VALID_UNTIL': 'validUntil',
  'auditEntries SEQUENCE': 'sequence',
  'backgroundJobs STARTED': 'startedAt',
  'resourceTypes TYPE': 'type',
};

const MAX_STATEMENTS = 10;

/** Every list of the API with every order that it can be asked for in. */
const orders = Object.values(
  buildSchema(readFileSync(SCHEMA_FILE, 'utf8')).getQueryType()?.getFields() ?? {},
).flatMap(({ name, args }) => {
  const order = getNamedType(args.find((arg) => arg.name === 'orderBy')?.type);
  if (!isInputObjectType(order)) return [];
  const fields = getNamedType(order.getFields()['field']?.type) as GraphQLEnumType;
  return fields.getValues().map((field) => [name, field.name] as const);
});

interface Listed {
  readonly list: {
    readonly totalCount: number;
    readonly nodes: readonly Node[];
    readonly edges: readonly { cursor: string; node: Node }[];
    readonly pageInfo: Record<string, unknown> & { hasNextPage: boolean; endCursor: string };
  };
}
type Node = Readonly<Record<string, string | number | null>> & { readonly id: string };

let service: TestService;
let acme: TestTenant;
let seed: Seed;

beforeAll(async () => {
  service = await TestService.start();
  acme = await service.createTenant('acme');
  seed = new Seed(service, acme);
  const roleId = await seed.role(['document:read']);
  for (const [index, name] of NAMES.entries()) {
    const { createUser } = await acme.admin.answer<{ createUser: { user: { id: string } } }>(
      `mutation ($user: CreateUserInput!, $machine: CreateServiceAccountInput!,
                 $group: CreateGroupInput!, $scope: CreateScopeInput!, $role: CreateRoleInput!) {
        createUser(input: $user) { user { id } }
        createServiceAccount(input: $machine) { revision }
        createGroup(input: $group) { revision }
        createScope(input: $scope) { revision }
        createRole(input: $role) { revision }
      }`,
      {
        user: { userName: name, displayName: name.slice(0, 2) },
        machine: { name },
        group: { name },
        scope: { parentId: acme.rootScopeId, type: index % 2 ? 'folder' : 'workspace', name },
        role: { name, permissions: [] },
      },
    );
    const validUntil = index % 3 === 0 ? null : `209${index}-01-01T00:00:00.000Z`;
    await seed.assignment(createUser.user.id, roleId, acme.rootScopeId, { validUntil });
  }
}, 60_000);

afterAll(() => service?.stop());

const operation = (list: string, key: string) => `query ($first: Int!, $after: String, $order: ${
  list[0]?.toUpperCase() + list.slice(1).replace(/ies$/, 'y').replace(/s$/, '')
}Order!) {
  list: ${list}(first: $first, after: $after, orderBy: $order) {
    totalCount nodes { id ${key} } edges { cursor node { id ${key} } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

const page = async (list: string, key: string, variables: object) =>
  (await acme.admin.answer<Listed>(operation(list, key), variables)).list;

/** Order by code points of the text in lower case, then by id; what is null comes last. */
function compare(key: string): (one: Node, other: Node) => number {
  const bytes = (value: string | number | null | undefined) =>
    Buffer.from(
      typeof value === 'number'
        ? String(value).padStart(9, '0')
        : (value ?? '\u{10ffff}').toLowerCase(),
    );
  return (one, other) =>
    Buffer.compare(bytes(one[key]), bytes(other[key])) ||
    Buffer.compare(bytes(one.id), bytes(other.id));
}

describe.each(orders)('%s by %s', (list, field) => {
  const key = KEYS[`${list} ${field}`] ?? 'id';

  it('is known to this test', () => {
    expect([list, field, field === 'CREATED' || key !== 'id']).toEqual([list, field, true]);
  });

  it.each(['ASC', 'DESC'] as const)('pages through everything once, %s', async (direction) => {
    const order = { field, direction };
    const all = await page(list, key, { first: 500, order });
    const sorted = all.nodes.toSorted(compare(key));
    expect(all.nodes).toEqual(direction === 'ASC' ? sorted : sorted.toReversed());
    expect(all.totalCount).toBe(all.nodes.length);

    const walked: Node[] = [];
    for (let after: string | null = null; ;) {
      const { nodes, edges, pageInfo, totalCount } = await page(list, key, {
        ...{ first: 4, after, order },
      });
      expect(edges.map(({ node }) => node)).toEqual(nodes);
      expect(totalCount).toBe(all.totalCount);
      expect(pageInfo).toEqual({
        hasNextPage: walked.length + nodes.length < all.nodes.length,
        hasPreviousPage: after !== null,
        startCursor: edges.at(0)?.cursor ?? null,
        endCursor: edges.at(-1)?.cursor ?? null,
      });
      walked.push(...nodes);
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(walked).toEqual(all.nodes);
  });

  it('takes as many statements for a large page as for a small one', async () => {
    const order = { field, direction: 'ASC' };
    const small = await countStatements('acme', () => page(list, key, { first: 1, order }));
    const large = await countStatements('acme', () => page(list, key, { first: 500, order }));
    // Everyone is read apart, where it is on the page.
    expect(list === 'groups' ? [small, small + 1] : [small]).toContain(large);
    expect(large).toBeLessThanOrEqual(MAX_STATEMENTS);
  });
});

describe('a filter', () => {
  const names = async (query: string) => {
    const { list } = await acme.admin.answer<Listed>(`{ list: ${query} }`);
    expect(list.totalCount).toBe(list.nodes.length);
    return list.nodes.map((node) => node['name'] ?? node['operation'] ?? node['effect']);
  };

  it.each([
    ['serviceAccounts(filter: { search: "AN" })', ['anna', 'ANN']],
    ['serviceAccounts(filter: { search: "_" })', ['a_b']],
    ['serviceAccounts(filter: { search: "%" })', ['A%b']],
    ['serviceAccounts(filter: { status: SUSPENDED })', []],
    ['groups(filter: { search: "bo" }, orderBy: { field: NAME, direction: DESC })', ['Bob', 'bo']],
    ['roles(filter: { builtIn: false, search: "zo" })', ['Zoe']],
    ['roles(filter: { builtIn: true, search: "auditor" })', ['Auditor']],
    ['scopes(filter: { type: "folder", search: "o" })', ['Zoe', 'bo']],
  ])('finds in %s what it says', async (list, expected) => {
    expect(await names(`${list} { totalCount nodes { id name } }`)).toEqual(expected);
  });

  it('finds assignments by effect and source', async () => {
    const count = async (filter: string) =>
      (await names(`roleAssignments(filter: ${filter}) { totalCount nodes { id effect } }`)).length;
    expect(await count('{ effect: ALLOW, source: "manual" }')).toBe(NAMES.length + 1);
    expect(await count('{ effect: DENY }')).toBe(0);
    expect(await count('{ source: "scim:okta" }')).toBe(0);
  });

  it('finds in the audit by operation, target, who and when', async () => {
    const target = await seed.user('target');
    const operations = (filter: string) =>
      names(`auditEntries(first: 500, filter: ${filter}) { totalCount nodes { id operation } }`);
    expect(await operations(`{ target: "${target}" }`)).toEqual(['create-user']);
    expect(
      await operations(`{ operation: "create-tenant", from: "2020-01-01T00:00:00Z" }`),
    ).toEqual(['create-tenant']);
    expect(await operations(`{ principalId: "${target}" }`)).toEqual([]);
    expect(await operations('{ until: "2020-01-01T00:00:00Z" }')).toEqual([]);
    expect((await operations(`{ principalId: "${acme.adminId}" }`)).length).toBeGreaterThan(9);
  });
});
