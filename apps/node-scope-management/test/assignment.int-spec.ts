import { Seed } from './support/seed.js';
import { TenantObserver } from './support/tenant-observer.js';
import { TestService, type TestTenant } from './support/test-service.js';

const ASSIGNMENT = `id granteeKind granteeId roleId scopeId reach effect source validFrom validUntil condition
  reason grantedBy`;
const ASSIGN = `mutation ($input: AssignRoleInput!) {
  assignRole(input: $input) { revision consistencyToken assignment { ${ASSIGNMENT} } }
}`;
const UNASSIGN = `mutation ($id: ID!, $reason: String) {
  unassignRole(assignmentId: $id, reason: $reason) { revision assignmentId }
}`;
const CHANGE = `mutation ($input: ChangeAssignmentInput!, $reason: String, $version: Int) {
  changeAssignment(input: $input, reason: $reason, expectedVersion: $version) {
    revision assignment { ${ASSIGNMENT} version }
  }
}`;
const UNASSIGN_ALL = `mutation ($ids: [ID!]!) {
  unassignRoles(assignmentIds: $ids, reason: "left the team") { revision assignmentIds }
}`;
const ONE = `query ($id: ID!) { roleAssignment(id: $id) { ${ASSIGNMENT} } }`;
const LIST = `query ($filter: RoleAssignmentFilter!) {
  roleAssignments(filter: $filter) { totalCount nodes { id } }
}`;

const UNKNOWN = '01890000-0000-7000-8000-000000000000';

let service: TestService;
let acme: TestTenant;
let seed: Seed;
let observer: TenantObserver;
let reader: string;
let writer: string;

beforeAll(async () => {
  service = await TestService.start();
  acme = await service.createTenant('acme');
  seed = new Seed(service, acme);
  observer = new TenantObserver(service, 'acme');
  reader = await seed.builtInRole('reader');
  writer = await seed.builtInRole('writer');
}, 60_000);

afterAll(() => service?.stop());

/** To a new user, at the root unless told otherwise. */
const grant = async (rest: object = {}) => ({
  granteeKind: 'USER',
  granteeId: await seed.user(),
  roleId: reader,
  scopeId: acme.rootScopeId,
  ...rest,
});

describe('assignRole', () => {
  it('grants a role on a scope and below, in one revision', async () => {
    const input = await grant({ reason: 'joins the team' });
    const { answer, events, audit } = await observer.effectOf(() =>
      acme.admin.answer<{ assignRole: { assignment: { id: string } } }>(ASSIGN, { input }),
    );
    const { assignment } = answer.assignRole;
    const fact = {
      granteeKind: 'USER',
      granteeId: input.granteeId,
      roleId: reader,
      scopeId: acme.rootScopeId,
      reach: 'SUBTREE',
      effect: 'ALLOW',
      source: 'manual',
      validFrom: null,
      validUntil: null,
      condition: null,
    };
    expect(assignment).toEqual({
      id: assignment.id,
      ...fact,
      reason: 'joins the team',
      grantedBy: acme.adminId,
    });
    expect(events).toEqual([{ type: 'role-assigned', assignment: { id: assignment.id, ...fact } }]);
    expect(audit).toMatchObject({ operation: 'assign-role', reason: 'joins the team' });
  });

  it('grants for a time, to groups and service accounts, on a scope alone, or denies', async () => {
    const validFrom = '2031-01-01T00:00:00.000Z';
    const validUntil = '2031-06-30T12:34:56.789Z';
    for (const rest of [
      { validFrom, validUntil },
      { granteeKind: 'GROUP', granteeId: await seed.group() },
      { granteeKind: 'SERVICE_ACCOUNT', granteeId: await seed.serviceAccount() },
      { scopeId: await seed.scope(), reach: 'SELF' },
      { effect: 'DENY' },
    ]) {
      const input = await grant(rest);
      const { answer } = await observer.effectOf(() => acme.admin.answer(ASSIGN, { input }));
      expect(answer).toMatchObject({ assignRole: { assignment: rest } });
    }
  });

  it('refuses what is granted already', async () => {
    const input = await grant();
    await acme.admin.answer(ASSIGN, { input });
    const error = await observer.refusalOf(() => acme.admin.refusal(ASSIGN, { input }));
    expect(error.extensions.code).toBe('ALREADY_EXISTS');
  });

  it('refuses to give what the caller lacks, and lets it pass on what it has', async () => {
    const caller = await seed.caller(['assignment:write', 'document:read']);
    const narrow = await seed.role(['document:read']);
    const input = await grant({ roleId: writer });
    const error = await observer.refusalOf(() => caller.refusal(ASSIGN, { input }));
    expect(error.extensions.code).toBe('ESCALATION');
    await caller.answer(ASSIGN, { input: await grant({ roleId: narrow }) });
  });

  it('refuses to give anyone anything outside the caller’s scope', async () => {
    const mine = await seed.scope();
    const caller = await seed.caller(['*'], mine);
    await caller.answer(ASSIGN, { input: await grant({ scopeId: mine }) });
    const input = await grant();
    const error = await observer.refusalOf(() => caller.refusal(ASSIGN, { input }));
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  it('refuses a role on a type of scope that it is not for', async () => {
    const roleId = await seed.role(['document:read'], { assignableOn: ['folder'] });
    const input = await grant({ roleId });
    const error = await observer.refusalOf(() => acme.admin.refusal(ASSIGN, { input }));
    expect(error.extensions.code).toBe('ROLE_NOT_ASSIGNABLE_HERE');
  });

  it('refuses who has been deprovisioned', async () => {
    const granteeId = await seed.user();
    await acme.admin.answer('mutation ($id: ID!) { deprovisionUser(userId: $id) { revision } }', {
      id: granteeId,
    });
    const input = await grant({ granteeId });
    const error = await observer.refusalOf(() => acme.admin.refusal(ASSIGN, { input }));
    expect(error.extensions.code).toBe('PRINCIPAL_ENDED');
  });

  it.each([
    ['an unknown grantee', { granteeId: UNKNOWN }, 'NOT_FOUND'],
    ['an unknown role', { roleId: UNKNOWN }, 'NOT_FOUND'],
    ['an unknown scope', { scopeId: UNKNOWN }, 'NOT_FOUND'],
    ['a user called a group', { granteeKind: 'GROUP' }, 'NOT_FOUND'],
    ['an id that is none', { roleId: 'reader' }, 'INVALID_INPUT'],
    ['a kind that is none', { granteeKind: 'ROBOT' }, 'INVALID_INPUT'],
    ['a day that is none', { validUntil: 'tomorrow' }, 'INVALID_INPUT'],
    ['an end that is past', { validUntil: '2001-01-01T00:00:00Z' }, 'INVALID_VALIDITY'],
    [
      'an end before the beginning',
      { validFrom: '2032-01-01T00:00:00Z', validUntil: '2031-01-01T00:00:00Z' },
      'INVALID_VALIDITY',
    ],
    ['what is no condition', { condition: 'context.' }, 'INVALID_CONDITION'],
    ['a condition of 1001 letters', { condition: 'c'.repeat(1001) }, 'INVALID_CONDITION'],
    ['an empty condition', { condition: '' }, 'INVALID_CONDITION'],
    ['a reason of 1001 letters', { reason: 'r'.repeat(1001) }, 'INVALID_INPUT'],
    ['a reason with U+0000', { reason: 'r\u0000' }, 'INVALID_INPUT'],
  ])('refuses %s', async (_what, rest, code) => {
    const input = await grant(rest);
    const error = await observer.refusalOf(() => acme.admin.refusal(ASSIGN, { input }));
    expect(error.extensions.code).toBe(code);
  });
});

describe('assignRole under a condition', () => {
  const condition = 'context.mfa == true && resource.type == "document"';

  it('keeps, shows and sends the condition as it was given', async () => {
    const input = await grant({ condition });
    const { answer, events, revision } = await observer.effectOf(() =>
      acme.admin.answer<{ assignRole: { assignment: { id: string; condition: string } } }>(ASSIGN, {
        input,
      }),
    );
    const { assignment } = answer.assignRole;
    expect(assignment.condition).toBe(condition);
    expect(events).toMatchObject([{ type: 'role-assigned', assignment: { condition } }]);
    const [message] = await observer.messagesAfter(revision - 1);
    expect(message).toMatchObject({
      events: [{ type: 'role-assigned.v2', assignment: { id: assignment.id, condition } }],
    });
    const { id } = assignment;
    expect(await acme.admin.answer(ONE, { id })).toMatchObject({ roleAssignment: { condition } });
  });

  it('says where a condition is wrong', async () => {
    const input = await grant({ condition: 'context.mfa && context.a.matches("x")' });
    const error = await observer.refusalOf(() => acme.admin.refusal(ASSIGN, { input }));
    expect(error.extensions.details).toMatchObject({
      problem: expect.stringContaining("'matches' is none of") as string,
      offset: 15,
    });
  });

  it('is refused beside the same without one', async () => {
    const input = await grant({});
    await acme.admin.answer(ASSIGN, { input });
    const again = { input: { ...input, condition } };
    const error = await observer.refusalOf(() => acme.admin.refusal(ASSIGN, again));
    expect(error.extensions.code).toBe('ALREADY_EXISTS');
  });
});

describe('unassignRole', () => {
  it('takes a grant away, in one revision', async () => {
    const id = await seed.assignment(await seed.user(), reader);
    const { answer, events, audit } = await observer.effectOf(() =>
      acme.admin.answer(UNASSIGN, { id, reason: 'left the team' }),
    );
    expect(answer).toMatchObject({ unassignRole: { assignmentId: id } });
    expect(events).toEqual([{ type: 'role-unassigned', assignmentId: id }]);
    expect(audit).toMatchObject({ operation: 'unassign-role', reason: 'left the team' });
    expect(await acme.admin.answer(ONE, { id })).toEqual({ roleAssignment: null });
  });

  it('refuses the last administrator', async () => {
    const { roleAssignments } = await acme.admin.answer<{
      roleAssignments: { nodes: { id: string }[] };
    }>(LIST, { filter: { granteeId: acme.adminId } });
    const [own] = roleAssignments.nodes;
    const error = await observer.refusalOf(() => acme.admin.refusal(UNASSIGN, { id: own?.id }));
    expect(error.extensions.code).toBe('LAST_ADMIN');
  });

  it('is refused without assignment:write at its scope', async () => {
    const id = await seed.assignment(await seed.user(), reader);
    const caller = await seed.caller(['*'], await seed.scope());
    const error = await observer.refusalOf(() => caller.refusal(UNASSIGN, { id }));
    expect(error.extensions.code).toBe('FORBIDDEN');
  });

  it.each([
    ['an unknown id', UNKNOWN, 'NOT_FOUND'],
    ['what is no id', 'a\u0000', 'INVALID_INPUT'],
  ])('refuses %s', async (_what, id, code) => {
    const error = await observer.refusalOf(() => acme.admin.refusal(UNASSIGN, { id }));
    expect(error.extensions.code).toBe(code);
  });
});

describe('roleAssignment and roleAssignments', () => {
  it('are told with assignment:read at the scope', async () => {
    const scope = await seed.scope();
    const id = await seed.assignment(await seed.user(), reader, scope);
    const elsewhere = await seed.assignment(await seed.user(), reader);
    const caller = await seed.caller(['assignment:read'], scope);
    expect(await caller.answer(ONE, { id })).toMatchObject({ roleAssignment: { id } });
    expect((await caller.refusal(ONE, { id: elsewhere })).extensions.code).toBe('FORBIDDEN');
    expect(await caller.answer(ONE, { id: UNKNOWN })).toEqual({ roleAssignment: null });

    const { roleAssignments } = await caller.answer<{ roleAssignments: { nodes: object[] } }>(
      LIST,
      { filter: { scopeId: scope } },
    );
    expect(roleAssignments.nodes).toContainEqual({ id });
    expect((await caller.refusal(LIST, { filter: {} })).extensions.code).toBe('FORBIDDEN');
  });

  it('are found by grantee, role and scope together', async () => {
    const [user, other] = [await seed.user(), await seed.user()];
    const scope = await seed.scope();
    const wanted = await seed.assignment(user, reader, scope);
    await seed.assignment(user, writer, scope);
    await seed.assignment(user, reader);
    await seed.assignment(other, reader, scope);
    const filter = { granteeId: user, roleId: reader, scopeId: scope };
    expect(await acme.admin.answer(LIST, { filter })).toEqual({
      roleAssignments: { totalCount: 1, nodes: [{ id: wanted }] },
    });
  });
});

describe('changeAssignment', () => {
  it('changes when it counts and why, under the same id, in one revision', async () => {
    const id = await seed.assignment(await seed.user(), reader, acme.rootScopeId, {
      validUntil: '2096-01-01T00:00:00.000Z',
      reason: 'a project',
    });
    const was = await acme.admin.answer<{ roleAssignment: object }>(ONE, { id });
    const input = { assignmentId: id, validUntil: null, condition: 'context.mfa == true' };
    const { answer, events, audit } = await observer.effectOf(() =>
      acme.admin.answer(CHANGE, { input, reason: 'a longer project', version: 1 }),
    );
    const changed = { validUntil: null, condition: input.condition, reason: 'a longer project' };
    expect(answer).toMatchObject({
      changeAssignment: { assignment: { ...was.roleAssignment, ...changed, version: 2 } },
    });
    expect(events).toMatchObject([
      { type: 'role-assigned', assignment: { id, validUntil: null, condition: input.condition } },
    ]);
    expect(audit).toMatchObject({
      operation: 'change-assignment',
      target: id,
      changes: [{ before: { id, condition: null } }],
    });

    const late = await observer.refusalOf(() =>
      acme.admin.refusal(CHANGE, { input: { assignmentId: id, condition: null }, version: 1 }),
    );
    expect(late.extensions.code).toBe('VERSION_MISMATCH');
  });

  it('is refused to who would give more by it, and to who may not assign there', async () => {
    const id = await seed.assignment(await seed.user(), reader, acme.rootScopeId, {
      validUntil: '2096-01-01T00:00:00.000Z',
    });
    const longer = { input: { assignmentId: id, validUntil: null } };
    const giver = await seed.caller(['assignment:write']);
    const nobody = await seed.caller(['assignment:read']);
    const refusals = [
      await observer.refusalOf(() => giver.refusal(CHANGE, longer)),
      await observer.refusalOf(() => nobody.refusal(CHANGE, longer)),
    ];
    expect(refusals.map(({ extensions }) => extensions.code)).toEqual(['ESCALATION', 'FORBIDDEN']);
  });
});

describe('unassignRoles', () => {
  it('takes all of them away in one revision, or none', async () => {
    const ids = [
      await seed.assignment(await seed.user(), reader),
      await seed.assignment(await seed.user(), writer),
    ];
    const refused = await observer.refusalOf(() =>
      acme.admin.refusal(UNASSIGN_ALL, { ids: [...ids, UNKNOWN] }),
    );
    expect(refused.extensions.code).toBe('NOT_FOUND');
    const { answer, events } = await observer.effectOf(() =>
      acme.admin.answer(UNASSIGN_ALL, { ids }),
    );
    expect(answer).toMatchObject({ unassignRoles: { assignmentIds: ids } });
    expect(events.map(({ type }) => type)).toEqual(['role-unassigned', 'role-unassigned']);
    const error = await acme.admin.refusal(UNASSIGN_ALL, { ids });
    expect(error.extensions.code).toBe('NOT_FOUND');
  });
});
