import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const RESOURCE = 'type id scopeId';
const REGISTER = `mutation ($resource: ResourceInput!, $scopeId: ID!) {
  registerResource(resource: $resource, scopeId: $scopeId) { revision resource { ${RESOURCE} } }
}`;
const MOVE = `mutation ($resource: ResourceInput!, $scopeId: ID!) {
  moveResource(resource: $resource, scopeId: $scopeId) { revision resource { ${RESOURCE} } }
}`;
const UNREGISTER = `mutation ($resource: ResourceInput!) {
  unregisterResource(resource: $resource) { revision type id }
}`;
const ONE = `query ($resource: ResourceInput!) { resource(resource: $resource) { ${RESOURCE} } }`;
const LIST = `query ($first: Int, $after: String, $filter: ResourceFilter) {
  resources(first: $first, after: $after, filter: $filter) {
    totalCount nodes { ${RESOURCE} } pageInfo { hasNextPage endCursor }
  }
}`;
const ASSIGN = `mutation ($input: AssignRoleInput!) {
  assignRole(input: $input) { assignment { id scopeId resource { type id } } }
}`;
const ASSIGNMENTS = `query ($filter: RoleAssignmentFilter!) {
  roleAssignments(filter: $filter) { nodes { id scopeId resource { type id } } }
}`;

let service: TestService;
let acme: TestTenant;
let seed: Seed;
let observer: TenantObserver;
let count = 0;

beforeAll(async () => {
  service = await TestService.start();
  acme = await service.createTenant('acme');
  await service.createTenant('beta');
  seed = new Seed(service, acme);
  observer = new TenantObserver(service, 'acme');
}, 60_000);

afterAll(() => service?.stop());

const newResource = () => ({ type: 'document', id: `doc:${++count}` });

async function registered(scopeId?: string) {
  const resource = { ...newResource(), scopeId: scopeId ?? (await seed.scope()) };
  const { type, id } = resource;
  await seed.resource({ type, id }, resource.scopeId);
  return { resource: { type, id }, scopeId: resource.scopeId };
}

async function assigned(resource: object, rest: object = {}) {
  const granteeId = await seed.user();
  const roleId = await seed.builtInRole('reader');
  const input = { granteeKind: 'USER', granteeId, roleId, resource, ...rest };
  const { assignRole } = await acme.admin.answer<{ assignRole: { assignment: { id: string } } }>(
    ASSIGN,
    { input },
  );
  return assignRole.assignment;
}

describe('registerResource', () => {
  it('puts the resource under its scope, in one revision, audited', async () => {
    const [resource, scopeId] = [newResource(), await seed.scope()];
    const { answer, events, audit } = await observer.effectOf(() =>
      acme.admin.answer(REGISTER, { resource, scopeId }),
    );
    expect(answer).toMatchObject({ registerResource: { resource: { ...resource, scopeId } } });
    expect(events).toEqual([{ type: 'resource-registered', resource: { ...resource, scopeId } }]);
    expect(audit).toMatchObject({ operation: 'register-resource' });
    expect(await acme.admin.answer(ONE, { resource })).toEqual({
      resource: { ...resource, scopeId },
    });
  });

  it('changes nothing for one that is there, and refuses one that is elsewhere', async () => {
    const { resource, scopeId } = await registered();
    const before = await observer.facts();
    await acme.admin.answer(REGISTER, { resource, scopeId });
    expect(await observer.facts()).toEqual(before);
    const elsewhere = { resource, scopeId: await seed.scope() };
    expect(await acme.admin.refusal(REGISTER, elsewhere)).toMatchObject({
      extensions: { code: 'ALREADY_EXISTS' },
    });
  });

  it.each([
    ['a type with a colon', { type: 'a:b', id: '1' }],
    ['no id', { type: 'document', id: '' }],
    ['a key of 129 characters', { type: 'document', id: 'x'.repeat(120) }],
    ['control characters', { type: 'document', id: 'a\u0000b' }],
  ])('refuses %s', async (_, resource) => {
    const input = { resource, scopeId: acme.rootScopeId };
    expect(await acme.admin.refusal(REGISTER, input)).toMatchObject({
      extensions: { code: 'INVALID_INPUT' },
    });
  });
});

describe('a registered resource', () => {
  it('holds assignments of its own, once each', async () => {
    const { resource } = await registered();
    const assignment = await assigned(resource, { effect: 'DENY', reach: 'SELF' });
    expect(assignment).toMatchObject({ scopeId: null, resource });
    expect((await observer.facts()).assignments).toContainEqual(
      expect.objectContaining({
        id: assignment.id,
        scopeId: `${resource.type}:${resource.id}`,
        effect: 'DENY',
      }),
    );
    expect(await acme.admin.answer(ASSIGNMENTS, { filter: { resource } })).toEqual({
      roleAssignments: { nodes: [assignment] },
    });
  });

  it('is assigned on where it is registered, and nowhere else', async () => {
    const { resource, scopeId } = await registered();
    expect(await assigned(resource, { scopeId })).toMatchObject({ scopeId: null, resource });
    const granteeId = await seed.user();
    const roleId = await seed.builtInRole('reader');
    const elsewhere = { resource, scopeId: acme.rootScopeId };
    for (const place of [elsewhere, { resource: newResource() }]) {
      const input = { granteeKind: 'USER', granteeId, roleId, ...place };
      expect(await acme.admin.refusal(ASSIGN, { input })).toMatchObject({
        extensions: { code: 'NOT_FOUND', details: { kind: 'resource' } },
      });
    }
    const input = { granteeKind: 'USER', granteeId, roleId };
    expect(await acme.admin.refusal(ASSIGN, { input })).toMatchObject({
      extensions: { code: 'INVALID_INPUT' },
    });
  });

  it('moves with the assignments on it', async () => {
    const { resource } = await registered();
    const { id } = await assigned(resource);
    const scopeId = await seed.scope();
    const { events } = await observer.effectOf(() =>
      acme.admin.answer(MOVE, { resource, scopeId }),
    );
    expect(events).toEqual([{ type: 'resource-moved', resource: { ...resource, scopeId } }]);
    expect((await observer.facts()).assignments.map((each) => each.id)).toContain(id);
  });

  it('is unregistered with the assignments on it', async () => {
    const { resource } = await registered();
    const { id } = await assigned(resource);
    const { events } = await observer.effectOf(() => acme.admin.answer(UNREGISTER, { resource }));
    expect(events).toEqual([
      { type: 'role-unassigned', assignmentId: id },
      { type: 'resource-unregistered', resource },
    ]);
    expect(await acme.admin.answer(ONE, { resource })).toEqual({ resource: null });
    expect(await acme.admin.refusal(UNREGISTER, { resource })).toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });
  });

  it('goes with its scope, and the assignments on it too', async () => {
    const { resource, scopeId } = await registered();
    const { id } = await assigned(resource);
    const { events } = await observer.effectOf(() =>
      acme.admin.answer('mutation ($id: ID!) { deleteScope(scopeId: $id) { revision } }', {
        id: scopeId,
      }),
    );
    expect(events).toEqual([
      { type: 'role-unassigned', assignmentId: id },
      { type: 'resource-unregistered', resource },
      { type: 'scope-deleted', scopeId },
    ]);
  });
});

describe('resources', () => {
  it('are listed page by page, by scope and type', async () => {
    const scopeId = await seed.scope();
    for (const id of ['b', 'a', 'c']) await seed.resource({ type: 'listed', id }, scopeId);
    await seed.resource({ type: 'other', id: 'a' }, scopeId);
    type Listed = { resources: { nodes: { id: string }[]; pageInfo: { endCursor: string } } };
    const list = (rest: object) =>
      acme.admin.answer<Listed>(LIST, { filter: { scopeId, type: 'listed' }, ...rest });
    const { resources } = await list({ first: 2 });
    expect(resources).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    expect(resources.nodes.map(({ id }) => id)).toEqual(['a', 'b']);
    const rest = await list({ first: 2, after: resources.pageInfo.endCursor });
    expect(rest.resources.nodes.map(({ id }) => id)).toEqual(['c']);
    expect(rest).toMatchObject({ resources: { pageInfo: { hasNextPage: false } } });
  });
});
