import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const ROLE = 'id name description builtIn permissions includes assignableOn privileged piercing';
const CREATE = `mutation ($input: CreateRoleInput!) {
  createRole(input: $input) { revision role { ${ROLE} } }
}`;
const CHANGE = `mutation ($input: ChangeRoleInput!, $reason: String) {
  changeRole(input: $input, reason: $reason) { revision role { ${ROLE} } }
}`;
const RETIRE = `mutation ($id: ID!) { retireRole(roleId: $id) { revision roleId } }`;
const ONE = `query ($id: ID!) { role(id: $id) { ${ROLE} } }`;

const UNKNOWN = '01890000-0000-7000-8000-000000000000';

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

describe('createRole', () => {
  it('creates a role, in one revision', async () => {
    const reader = await seed.builtInRole('reader');
    const input = {
      name: 'Reviewer',
      description: 'Reads and comments',
      permissions: ['comment:write', 'review:*'],
      includes: [reader],
      assignableOn: ['workspace', 'folder'],
      privileged: true,
      piercing: true,
    };
    const { answer, events } = await observer.effectOf(() =>
      acme.admin.answer<{ createRole: { role: { id: string } } }>(CREATE, { input }),
    );
    const { role } = answer.createRole;
    expect(role).toEqual({ id: role.id, builtIn: null, ...input });
    const { permissions, includes, assignableOn, privileged, piercing } = input;
    const fact = { id: role.id, permissions, includes, assignableOn, privileged, piercing };
    expect(events).toEqual([{ type: 'role-created', role: fact }]);
  });

  it('is neither privileged nor piercing nor bound to a type unless told so', async () => {
    const { createRole } = await acme.admin.answer<{ createRole: object }>(CREATE, {
      input: { name: 'Plain', permissions: ['document:read'] },
    });
    expect(createRole).toMatchObject({
      role: {
        description: '',
        includes: [],
        assignableOn: [],
        privileged: false,
        piercing: false,
      },
    });
  });

  it('refuses the name of a role in use in any case, and takes it again afterwards', async () => {
    const first = await seed.role([], { name: 'Namesake' });
    const input = { name: 'NAMESAKE', permissions: [] };
    const error = await observer.refusalOf(() => acme.admin.refusal(CREATE, { input }));
    expect(error.extensions.code).toBe('ALREADY_EXISTS');
    await acme.admin.answer(RETIRE, { id: first });
    await observer.effectOf(() => acme.admin.answer(CREATE, { input }));
  });

  it('is refused without role:write', async () => {
    const caller = await seed.caller(['role:read']);
    const input = { name: 'Mine', permissions: [] };
    const error = await observer.refusalOf(() => caller.refusal(CREATE, { input }));
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    ['what is no permission', { permissions: ['read'] }, 'INVALID_PERMISSION'],
    ['a permission with U+0000', { permissions: ['a:\u0000'] }, 'INVALID_PERMISSION'],
    ['501 permissions', { permissions: Array(501).fill('a:b') }, 'INVALID_INPUT'],
    ['an included role that does not exist', { includes: [UNKNOWN] }, 'NOT_FOUND'],
    ['an included role that is no id', { includes: ['reader'] }, 'INVALID_INPUT'],
    ['a scope type with blanks', { assignableOn: ['work space'] }, 'INVALID_INPUT'],
    ['a name of 201 letters', { name: 'a'.repeat(201) }, 'INVALID_INPUT'],
    ['a name with U+0000', { name: 'a\u0000' }, 'INVALID_INPUT'],
  ])('refuses %s', async (_what, rest, code) => {
    const input = { name: 'Malformed', permissions: [], ...rest };
    const error = await observer.refusalOf(() => acme.admin.refusal(CREATE, { input }));
    expect(error.extensions.code).toBe(code);
  });
});

describe('changeRole', () => {
  it('changes what is given and leaves the rest, in one revision', async () => {
    const id = await seed.role(['document:read'], { assignableOn: ['workspace'] });
    const before = await acme.admin.answer<{ role: object }>(ONE, { id });
    const { answer, events, audit } = await observer.effectOf(() =>
      acme.admin.answer<{ changeRole: object }>(CHANGE, {
        input: { roleId: id, permissions: ['document:*'], name: null, piercing: true },
        reason: 'wider',
      }),
    );
    expect(answer.changeRole).toMatchObject({
      role: { ...before.role, permissions: ['document:*'], piercing: true },
    });
    expect(events.map(({ type }) => type)).toEqual(['role-changed']);
    expect(audit).toMatchObject({ operation: 'change-role', target: id, reason: 'wider' });
  });

  it('changes and empties texts', async () => {
    const id = await seed.role([], { description: 'Old' });
    await acme.admin.answer(CHANGE, { input: { roleId: id, name: 'New', description: '' } });
    expect(await acme.admin.answer(ONE, { id })).toMatchObject({
      role: { name: 'New', description: '' },
    });
  });

  it('refuses the name of another role', async () => {
    await seed.role([], { name: 'Occupied' });
    const id = await seed.role([]);
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(CHANGE, { input: { roleId: id, name: 'occupied' } }),
    );
    expect(error.extensions.code).toBe('ALREADY_EXISTS');
  });

  it('refuses to make roles include each other', async () => {
    const inner = await seed.role([]);
    const outer = await seed.role([], { includes: [inner] });
    const error = await observer.refusalOf(() =>
      acme.admin.refusal(CHANGE, { input: { roleId: inner, includes: [outer] } }),
    );
    expect(error.extensions.code).toBe('ROLE_CYCLE');
  });

  it('refuses to give holders of the role what the caller lacks', async () => {
    const id = await seed.role(['document:read']);
    await seed.assignment(await seed.user(), id);
    const caller = await seed.caller(['role:*', 'document:read']);
    const error = await observer.refusalOf(() =>
      caller.refusal(CHANGE, { input: { roleId: id, permissions: ['document:write'] } }),
    );
    expect(error.extensions.code).toBe('ESCALATION');
  });

  it('refuses built-in roles and unknown ones', async () => {
    const reader = await seed.builtInRole('reader');
    const builtIn = await observer.refusalOf(() =>
      acme.admin.refusal(CHANGE, { input: { roleId: reader, permissions: ['*'] } }),
    );
    const unknown = await observer.refusalOf(() =>
      acme.admin.refusal(CHANGE, { input: { roleId: UNKNOWN, permissions: ['*'] } }),
    );
    expect([builtIn.extensions.code, unknown.extensions.code]).toEqual([
      'BUILT_IN_ROLE',
      'NOT_FOUND',
    ]);
  });
});

describe('retireRole', () => {
  it('takes assignments and inclusions along, in one revision', async () => {
    const id = await seed.role(['document:read']);
    const including = await seed.role(['document:write'], { includes: [id] });
    await seed.assignment(await seed.user(), id);
    await seed.assignment(await seed.user(), id, await seed.scope(), { effect: 'DENY' });
    const { answer, events } = await observer.effectOf(() => acme.admin.answer(RETIRE, { id }));
    expect(answer).toMatchObject({ retireRole: { roleId: id } });
    expect(events.map(({ type }) => type)).toEqual([
      'role-unassigned',
      'role-unassigned',
      'role-changed',
      'role-retired',
    ]);
    expect(await acme.admin.answer(ONE, { id })).toEqual({ role: null });
    expect(await acme.admin.answer(ONE, { id: including })).toMatchObject({
      role: { includes: [] },
    });
    const left = await service.database.query('SELECT FROM role_assignments WHERE role_id = $1', [
      id,
    ]);
    expect(left).toEqual([]);
  });

  it('leaves nothing to assign or include', async () => {
    const id = await seed.role([]);
    await acme.admin.answer(RETIRE, { id });
    const again = await observer.refusalOf(() => acme.admin.refusal(RETIRE, { id }));
    const included = await observer.refusalOf(() =>
      acme.admin.refusal(CREATE, { input: { name: 'Late', permissions: [], includes: [id] } }),
    );
    expect([again.extensions.code, included.extensions.code]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
  });

  it('refuses built-in roles', async () => {
    const id = await seed.builtInRole('auditor');
    const error = await observer.refusalOf(() => acme.admin.refusal(RETIRE, { id }));
    expect(error.extensions.code).toBe('BUILT_IN_ROLE');
  });
});

describe('role and roles', () => {
  it('list what is in use, and are refused without role:read', async () => {
    const retired = await seed.role([]);
    await acme.admin.answer(RETIRE, { id: retired });
    const { roles } = await acme.admin.answer<{
      roles: { totalCount: number; nodes: { id: string }[] };
    }>('{ roles(first: 500) { totalCount nodes { id } } }');
    expect(roles.nodes).toHaveLength(roles.totalCount);
    expect(roles.nodes).not.toContainEqual({ id: retired });

    const caller = await seed.caller(['user:read']);
    expect((await caller.refusal('{ roles { totalCount } }')).extensions.code).toBe('FORBIDDEN');
    expect((await caller.refusal(ONE, { id: retired })).extensions.code).toBe('FORBIDDEN');
  });
});
