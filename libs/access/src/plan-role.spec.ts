import { rolePermissions } from '@bastion/policy';
import { accepted, by, byOperator, company, outcomeOf } from '../test/write-context.js';
import { planChangeRole, planCreateRole, planRetireRole, type CreateRole } from './plan-role.js';

/** editor includes reader; chief includes editor. */
const roles = () =>
  company()
    .role('reader', ['document:read'])
    .role('editor', ['document:write'], { includes: ['reader'] })
    .role('chief', ['document:delete'], { includes: ['editor'] });

const COMMON: [string, Partial<CreateRole>, string][] = [
  ['any well-formed permissions', { permissions: ['document:read', 'a.b-c:*', '*'] }, 'ACCEPTED'],
  ['no permissions at all', { permissions: [] }, 'ACCEPTED'],
  ['a permission without verb', { permissions: ['document'] }, 'INVALID_PERMISSION'],
  ['a wildcard in the middle', { permissions: ['doc*:read'] }, 'INVALID_PERMISSION'],
  ['an empty permission', { permissions: [''] }, 'INVALID_PERMISSION'],
  [
    'a permission that is too long',
    { permissions: [`${'t'.repeat(64)}:${'v'.repeat(64)}`] },
    'INVALID_PERMISSION',
  ],
  ['500 permissions', { permissions: many(500) }, 'ACCEPTED'],
  ['501 permissions', { permissions: many(501) }, 'INVALID_INPUT'],
  ['51 scope types', { assignableOn: many(51) }, 'INVALID_INPUT'],
  ['an empty scope type', { assignableOn: [''] }, 'INVALID_INPUT'],
  ['101 inclusions', { includes: many(101) }, 'INVALID_INPUT'],
  ['an unknown inclusion', { includes: ['none'] }, 'NOT_FOUND'],
];

function many(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `type-${index}:verb`);
}

describe('planCreateRole', () => {
  const create = (input: Partial<CreateRole>) =>
    planCreateRole(by('will', roles()), {
      id: 'new',
      permissions: [],
      includes: [],
      assignableOn: [],
      privileged: false,
      piercing: false,
      ...input,
    });

  it.each<[string, Partial<CreateRole>, string]>([
    ...COMMON,
    ['an id that a role has', { id: 'reader' }, 'ALREADY_EXISTS'],
    ['an inclusion of itself', { includes: ['new'] }, 'ROLE_CYCLE'],
    [
      'what its creator lacks, as nobody has it yet',
      { permissions: ['*'], piercing: true },
      'ACCEPTED',
    ],
  ])('answers for %s', (_, input, outcome) => {
    expect(outcomeOf(create(input))).toBe(outcome);
  });

  it('counts duplicates once', () => {
    const lists = {
      permissions: ['a:b', 'a:b'],
      includes: ['reader', 'reader'],
      assignableOn: ['x', 'x'],
    };
    expect(accepted(create(lists)).after.role('new')).toMatchObject({
      permissions: ['a:b'],
      includes: ['reader'],
      assignableOn: ['x'],
    });
  });
});

describe('planChangeRole', () => {
  const change = (roleId: string, changes: Partial<CreateRole>, builtIn = false) =>
    planChangeRole(by('will', roles()), { roleId, builtIn, ...changes });

  it.each(COMMON)('answers for %s', (_, changes, outcome) => {
    expect(outcomeOf(change('reader', changes))).toBe(outcome);
  });

  it.each<[string, string, Partial<CreateRole>, string]>([
    ['an unknown role', 'none', {}, 'NOT_FOUND'],
    ['an inclusion of itself', 'reader', { includes: ['reader'] }, 'ROLE_CYCLE'],
    ['an inclusion of what includes it', 'reader', { includes: ['editor'] }, 'ROLE_CYCLE'],
    ['a longer way round', 'reader', { includes: ['chief'] }, 'ROLE_CYCLE'],
    ['an inclusion twice over', 'chief', { includes: ['editor', 'reader'] }, 'ACCEPTED'],
  ])('answers for %s', (_, roleId, changes, outcome) => {
    expect(outcomeOf(change(roleId, changes))).toBe(outcome);
  });

  it.each<[string, string[], string]>([
    ['what all its assignments are on', ['workspace', 'document'], 'ACCEPTED'],
    ['what some are on', ['workspace'], 'ROLE_NOT_ASSIGNABLE_HERE'],
    ['anything', [], 'ACCEPTED'],
  ])('narrows where a role may be assigned to %s', (_, assignableOn, outcome) => {
    const tenant = roles()
      .scope('ws', { type: 'workspace' })
      .resource('document:42', 'ws')
      .user('bob')
      .assign('bob', 'reader', 'ws')
      .deny('bob', 'reader', 'document:42');
    const plan = planChangeRole(by('ada', tenant), {
      ...{ roleId: 'reader', builtIn: false, assignableOn },
    });
    expect(outcomeOf(plan)).toBe(outcome);
    if (!plan.ok) expect(plan.rejection.details).toEqual({ assignments: 1 });
  });

  it('changes the rest of a role that is assigned where it may not be', () => {
    const tenant = roles()
      .role('for-folders', [], { assignableOn: ['folder'] })
      .user('bob')
      .assign('bob', 'for-folders', 'root');
    const change = { roleId: 'for-folders', builtIn: false, privileged: true };
    expect(outcomeOf(planChangeRole(by('ada', tenant), change))).toBe('ACCEPTED');
  });

  it('leaves as it was what is not named', () => {
    const { after } = accepted(change('editor', { privileged: true }));
    expect(after.role('editor')).toEqual({
      id: 'editor',
      permissions: ['document:write'],
      includes: ['reader'],
      assignableOn: [],
      privileged: true,
      piercing: false,
    });
  });

  it('never changes a built-in role, not even for an operator', () => {
    expect(outcomeOf(change('reader', { privileged: true }, true))).toBe('BUILT_IN_ROLE');
    const input = { roleId: 'reader', builtIn: true, permissions: [] };
    expect(outcomeOf(planChangeRole(byOperator(roles()), input))).toBe('BUILT_IN_ROLE');
  });
});

describe('planRetireRole', () => {
  it.each([
    ['a role', 'reader', false, 'ACCEPTED'],
    ['an unknown role', 'none', false, 'NOT_FOUND'],
    ['a built-in role', 'reader', true, 'BUILT_IN_ROLE'],
  ])('answers for %s', (_, roleId, builtIn, outcome) => {
    expect(outcomeOf(planRetireRole(by('will', roles()), { roleId, builtIn }))).toBe(outcome);
  });

  it('takes its assignments and its inclusions along, the role last', () => {
    const tenant = roles().user('bob').assign('bob', 'reader', 'root', { id: 'grant' });
    const plan = planRetireRole(by('will', tenant), { roleId: 'reader', builtIn: false });
    const { after, events } = accepted(plan);
    expect(events.map(({ type }) => type)).toEqual([
      'role-unassigned',
      'role-changed',
      'role-retired',
    ]);
    expect(after.assignmentsOf('bob')).toEqual([]);
    expect(rolePermissions(after, 'chief')).toEqual(new Set(['document:delete', 'document:write']));
  });
});
