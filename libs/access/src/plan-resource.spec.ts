import { company, by, outcomeOf } from '../test/write-context.js';
import { planAssignRole } from './plan-assignment.js';
import { planMoveResource, planRegisterResource, planUnregisterResource } from './plan-resource.js';
import { planCreateScope, planDeleteScope, planMoveScope } from './plan-scope.js';

const plan42 = { type: 'document', id: '42' };

const tenant = () =>
  company()
    .scope('ws')
    .scope('shut', { inheritsAccess: false })
    .user('bob')
    .role('reader', ['document:read'])
    .role('registrar', ['resource:write'])
    .user('rita')
    .assign('rita', 'registrar', 'ws')
    .assign('rita', 'registrar', 'shut');

describe('registering a resource', () => {
  it('takes resource:write at the scope', () => {
    const input = { ...plan42, scopeId: 'ws' };
    expect(planRegisterResource(by('rita', tenant()), input)).toMatchObject({
      ok: true,
      events: [{ type: 'resource-registered', resource: input }],
    });
    expect(outcomeOf(planRegisterResource(by('bob', tenant()), input))).toBe('FORBIDDEN');
    const elsewhere = { ...plan42, scopeId: 'root' };
    expect(outcomeOf(planRegisterResource(by('rita', tenant()), elsewhere))).toBe('FORBIDDEN');
  });

  it.each([
    ['no scope of the tenant', { ...plan42, scopeId: 'nowhere' }, 'NOT_FOUND'],
    ['a resource for a scope', { ...plan42, scopeId: 'document:41' }, 'NOT_FOUND'],
    ['no type', { type: '', id: '42', scopeId: 'ws' }, 'INVALID_INPUT'],
    ['a type that no permission has', { type: 'a:b', id: '42', scopeId: 'ws' }, 'INVALID_INPUT'],
    ['no id', { type: 'document', id: '', scopeId: 'ws' }, 'INVALID_INPUT'],
    ['an id too long', { type: 'document', id: 'x'.repeat(120), scopeId: 'ws' }, 'INVALID_INPUT'],
    ['one that is elsewhere', { ...plan42, id: '41', scopeId: 'shut' }, 'ALREADY_EXISTS'],
  ])('is refused for %s', (_, input, code) => {
    const built = tenant().resource('document:41', 'ws');
    expect(outcomeOf(planRegisterResource(by('rita', built), input))).toBe(code);
  });

  it('changes nothing for one that is there already', () => {
    const built = tenant().resource('document:42', 'ws');
    const plan = planRegisterResource(by('rita', built), { ...plan42, scopeId: 'ws' });
    expect(plan).toMatchObject({ ok: true, events: [] });
  });

  it('takes an id of up to 128 characters with its type', () => {
    const input = { type: 'document', id: 'x'.repeat(119), scopeId: 'ws' };
    expect(outcomeOf(planRegisterResource(by('rita', tenant()), input))).toBe('ACCEPTED');
  });
});

describe('moving a resource', () => {
  const input = { ...plan42, scopeId: 'shut' };

  it('takes resource:write on both ends', () => {
    const built = () => tenant().resource('document:42', 'ws');
    expect(planMoveResource(by('rita', built()), input)).toMatchObject({
      ok: true,
      events: [{ type: 'resource-moved', resource: input }],
    });
    const toRoot = { ...plan42, scopeId: 'root' };
    expect(outcomeOf(planMoveResource(by('rita', built()), toRoot))).toBe('FORBIDDEN');
    const fromRoot = tenant().resource('document:42', 'root');
    expect(outcomeOf(planMoveResource(by('rita', fromRoot), input))).toBe('FORBIDDEN');
  });

  it('is refused for one that is not registered', () => {
    expect(planMoveResource(by('rita', tenant()), input)).toMatchObject({
      rejection: { code: 'NOT_FOUND', details: { kind: 'resource' } },
    });
  });
});

describe('unregistering a resource', () => {
  it('ends the assignments on it, grants first', () => {
    const built = tenant()
      .resource('document:42', 'ws')
      .deny('bob', 'reader', 'document:42', { id: 'a-deny' })
      .assign('bob', 'reader', 'document:42', { id: 'b-grant' });
    expect(planUnregisterResource(by('ada', built), plan42)).toMatchObject({
      ok: true,
      events: [
        { type: 'role-unassigned', assignmentId: 'b-grant' },
        { type: 'role-unassigned', assignmentId: 'a-deny' },
        { type: 'resource-unregistered', resource: plan42 },
      ],
    });
  });

  it('is refused for one that is not registered', () => {
    expect(outcomeOf(planUnregisterResource(by('rita', tenant()), plan42))).toBe('NOT_FOUND');
  });
});

describe('what is put under a resource', () => {
  const built = () => tenant().resource('document:42', 'ws');

  it('is no scope', () => {
    const parentId = 'document:42';
    const scope = { id: 'new', parentId, type: 'folder', inheritsAccess: true };
    expect(outcomeOf(planCreateScope(by('ada', built()), scope))).toBe('NOT_FOUND');
    expect(outcomeOf(planMoveScope(by('ada', built()), { scopeId: 'shut', parentId }))).toBe(
      'NOT_FOUND',
    );
  });

  it('is no resource', () => {
    const moved = { type: 'note', id: '1', scopeId: 'document:42' };
    const both = built().resource('note:1', 'ws');
    expect(outcomeOf(planMoveResource(by('ada', both), moved))).toBe('NOT_FOUND');
  });
});

describe('what hangs on a resource', () => {
  it('goes with its scope', () => {
    const built = tenant()
      .resource('document:42', 'ws')
      .assign('bob', 'reader', 'document:42', { id: 'grant' });
    const plan = planDeleteScope(by('ada', built), { scopeId: 'ws', recursive: false });
    expect(plan.ok && plan.events.slice(0, 2)).toEqual([
      { type: 'role-unassigned', assignmentId: 'grant' },
      { type: 'resource-unregistered', resource: plan42 },
    ]);
    expect(plan.ok && plan.events.at(-1)).toEqual({ type: 'scope-deleted', scopeId: 'ws' });
  });

  it('is assigned with assignment:write there, and only where it is registered', () => {
    const built = () => tenant().resource('document:42', 'ws').resource('note:1', 'ws');
    const assignment = {
      ...({ id: 'new', granteeKind: 'USER', granteeId: 'bob', roleId: 'reader' } as const),
      ...({ scopeId: 'document:42', reach: 'SELF', effect: 'ALLOW', source: 'manual' } as const),
      ...{ validFrom: null, validUntil: null, condition: null },
    };
    expect(outcomeOf(planAssignRole(by('ada', built()), assignment))).toBe('ACCEPTED');
    expect(outcomeOf(planAssignRole(by('rita', built()), assignment))).toBe('FORBIDDEN');
    const unregistered = { ...assignment, scopeId: 'document:43' };
    expect(planAssignRole(by('ada', built()), unregistered)).toMatchObject({
      rejection: { code: 'NOT_FOUND', details: { kind: 'resource' } },
    });
  });

  it('takes a role that may be assigned on its type', () => {
    const built = tenant()
      .resource('document:42', 'ws')
      .role('for-notes', ['document:read'], { assignableOn: ['note', 'folder'] });
    const assignment = {
      ...({ id: 'new', granteeKind: 'USER', granteeId: 'bob', roleId: 'for-notes' } as const),
      ...({ scopeId: 'document:42', reach: 'SELF', effect: 'ALLOW', source: 'manual' } as const),
      ...{ validFrom: null, validUntil: null, condition: null },
    };
    expect(outcomeOf(planAssignRole(by('ada', built), assignment))).toBe(
      'ROLE_NOT_ASSIGNABLE_HERE',
    );
  });
});
