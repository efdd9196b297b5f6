import type { TenantBuilder } from '@bastion/testing';
import { by, byOperator, company, outcomeOf } from '../test/write-context.js';
import type { Plan, WriteContext } from './plan.js';
import { planAssignRole, planUnassignRole, type AssignRole } from './plan-assignment.js';
import { planAddMembers, planDeleteGroup, planRemoveMembers } from './plan-group.js';
import { planChangePrincipalStatus } from './plan-principal.js';
import { planChangeRole, planRetireRole } from './plan-role.js';
import { planChangeInheritance, planCreateScope, planMoveScope } from './plan-scope.js';

const NOON = 100_000;

/** root > ws > vault (cut off) > box, and root > other; bob in inner in outer. */
const tenant = () =>
  company()
    .scope('ws')
    .scope('vault', { parentId: 'ws', inheritsAccess: false })
    .scope('box', { parentId: 'vault' })
    .scope('other')
    .role('reader', ['document:read'])
    .role('editor', ['document:write'], { includes: ['reader'] })
    .role('nothing', [])
    .user('bob')
    .user('carl')
    .group('outer')
    .group('inner')
    .member('outer', 'inner')
    .member('inner', 'bob');

const assign = (changes: Partial<AssignRole>) => (context: WriteContext) =>
  planAssignRole(context, {
    id: 'new',
    granteeKind: 'USER',
    granteeId: 'bob',
    roleId: 'reader',
    scopeId: 'ws',
    reach: 'SELF',
    effect: 'ALLOW',
    source: 'manual',
    validFrom: null,
    validUntil: null,
    ...changes,
  });
const member = (groupId: string, kind: 'USER' | 'GROUP', id: string) => ({
  groupId,
  members: [{ kind, id }],
  source: 'manual',
});

type Form = [
  what: string,
  facts: (tenant: TenantBuilder) => TenantBuilder,
  plan: (context: WriteContext) => Plan,
  /** What the actor must hold, and where it first falls short. */
  opens: { permission: string; scopeId: string },
];

const asItIs = (built: TenantBuilder): TenantBuilder => built;
const readOn = (scopeId: string) => ({ permission: 'document:read', scopeId });

const FORMS: Form[] = [
  ['an assignment', asItIs, assign({}), readOn('ws')],
  ['an assignment to oneself', asItIs, assign({ granteeId: 'will' }), readOn('ws')],
  [
    'an assignment to a group',
    asItIs,
    assign({ granteeKind: 'GROUP', granteeId: 'outer' }),
    readOn('ws'),
  ],
  [
    'an assignment to an empty group',
    (t) => t.group('empty'),
    assign({ granteeKind: 'GROUP', granteeId: 'empty' }),
    readOn('ws'),
  ],
  [
    'an assignment to someone suspended',
    (t) => t.user('sue', { status: 'SUSPENDED' }),
    assign({ granteeId: 'sue' }),
    readOn('ws'),
  ],
  ['an assignment in the future', asItIs, assign({ validFrom: NOON }), readOn('ws')],
  [
    'an assignment of a role that includes it',
    (t) => t.role('outer-reader', [], { includes: ['reader'] }),
    assign({ roleId: 'outer-reader' }),
    readOn('ws'),
  ],
  [
    'a membership',
    (t) => t.assign('inner', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planAddMembers(c, member('inner', 'USER', 'carl')),
    readOn('ws'),
  ],
  [
    'a membership in a group within',
    (t) => t.assign('outer', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planAddMembers(c, member('inner', 'USER', 'carl')),
    readOn('ws'),
  ],
  [
    'a group put into a group',
    (t) => t.group('top').assign('top', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planAddMembers(c, member('top', 'GROUP', 'outer')),
    readOn('ws'),
  ],
  [
    'a role edit that adds a permission',
    (t) => t.assign('bob', 'nothing', 'ws', { reach: 'SELF' }),
    (c) => planChangeRole(c, { roleId: 'nothing', builtIn: false, permissions: ['document:read'] }),
    readOn('ws'),
  ],
  [
    'a role edit that adds an inclusion',
    (t) => t.assign('outer', 'nothing', 'ws', { reach: 'SELF' }),
    (c) => planChangeRole(c, { roleId: 'nothing', builtIn: false, includes: ['reader'] }),
    readOn('ws'),
  ],
  [
    'an edit of a role that others include',
    (t) =>
      t.role('more', [], { includes: ['nothing'] }).assign('bob', 'more', 'ws', { reach: 'SELF' }),
    (c) => planChangeRole(c, { roleId: 'nothing', builtIn: false, permissions: ['document:read'] }),
    readOn('ws'),
  ],
  [
    'a role made piercing',
    (t) => t.assign('bob', 'reader', 'ws').assign('will', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planChangeRole(c, { roleId: 'reader', builtIn: false, piercing: true }),
    readOn('vault'),
  ],
  [
    'a scope moved under a grant',
    (t) => t.assign('bob', 'reader', 'other'),
    (c) => planMoveScope(c, { scopeId: 'ws', parentId: 'other' }),
    readOn('ws'),
  ],
  [
    'a scope moved under a grant from further up',
    (t) => t.scope('mid', { parentId: 'other' }).assign('bob', 'reader', 'other'),
    (c) => planMoveScope(c, { scopeId: 'ws', parentId: 'mid' }),
    readOn('ws'),
  ],
  [
    'inheritance restored',
    (t) => t.assign('bob', 'reader', 'ws').assign('will', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planChangeInheritance(c, { scopeId: 'vault', inheritsAccess: true }),
    readOn('vault'),
  ],
  [
    'someone woken',
    (t) => t.user('ina', { status: 'INVITED' }).assign('ina', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planChangePrincipalStatus(c, { principalId: 'ina', status: 'ACTIVE' }),
    readOn('ws'),
  ],
  [
    'someone woken who is a member',
    (t) =>
      t
        .user('sue', { status: 'SUSPENDED' })
        .member('inner', 'sue')
        .assign('outer', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planChangePrincipalStatus(c, { principalId: 'sue', status: 'ACTIVE' }),
    readOn('ws'),
  ],
  [
    'a deny lifted',
    (t) => t.deny('bob', 'reader', 'ws', { id: 'deny', reach: 'SELF' }),
    (c) => planUnassignRole(c, { assignmentId: 'deny' }),
    readOn('ws'),
  ],
  [
    'a denied group left',
    (t) => t.deny('inner', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planRemoveMembers(c, member('inner', 'USER', 'bob')),
    readOn('ws'),
  ],
  [
    'a group taken out of a denied one',
    (t) => t.deny('outer', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planRemoveMembers(c, member('outer', 'GROUP', 'inner')),
    readOn('ws'),
  ],
  [
    'a denied group deleted',
    (t) => t.deny('inner', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planDeleteGroup(c, { groupId: 'inner' }),
    readOn('ws'),
  ],
  [
    'a group between deleted',
    (t) => t.deny('outer', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planDeleteGroup(c, { groupId: 'inner' }),
    readOn('ws'),
  ],
  [
    'a scope moved away from a deny',
    (t) => t.deny('bob', 'reader', 'ws'),
    (c) => planMoveScope(c, { scopeId: 'vault', parentId: 'other' }),
    readOn('vault'),
  ],
  [
    'a denied role made smaller',
    (t) => t.deny('bob', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planChangeRole(c, { roleId: 'reader', builtIn: false, permissions: [] }),
    readOn('ws'),
  ],
  [
    'a denied role retired',
    (t) => t.deny('bob', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planRetireRole(c, { roleId: 'reader', builtIn: false }),
    readOn('ws'),
  ],
  [
    'a role retired that a denied one includes',
    (t) =>
      t.role('more', [], { includes: ['reader'] }).deny('bob', 'more', 'ws', { reach: 'SELF' }),
    (c) => planRetireRole(c, { roleId: 'reader', builtIn: false }),
    readOn('ws'),
  ],
];

describe.each(FORMS)('escalation by %s', (_, facts, plan, { permission, scopeId }) => {
  const built = () => facts(tenant()).role('lacking', [permission], { piercing: true });

  it('is refused to who lacks the permission there', () => {
    expect(plan(by('will', built()))).toMatchObject({
      ok: false,
      rejection: { code: 'ESCALATION', details: { permission, scopeId } },
    });
  });

  it('is none to who holds it there', () => {
    expect(outcomeOf(plan(by('will', built().assign('will', 'lacking', scopeId))))).toBe(
      'ACCEPTED',
    );
  });

  it('is refused to who holds it there and is denied it', () => {
    const denied = built().assign('will', 'lacking', scopeId).deny('will', 'lacking', scopeId);
    expect(outcomeOf(plan(by('will', denied)))).toBe('ESCALATION');
  });

  it('is refused to who holds it elsewhere alone', () => {
    const elsewhere = built().scope('far').assign('will', 'lacking', 'far');
    expect(outcomeOf(plan(by('will', elsewhere)))).toBe('ESCALATION');
  });

  it('is exempt with assignment:any there, and with it elsewhere is not', () => {
    const any = () => built().scope('far').role('any', ['assignment:any'], { piercing: true });
    expect(outcomeOf(plan(by('will', any().assign('will', 'any', scopeId))))).toBe('ACCEPTED');
    expect(outcomeOf(plan(by('will', any().assign('will', 'any', 'far'))))).toBe('ESCALATION');
  });

  it('is exempt for an operator and for the administrator', () => {
    expect(outcomeOf(plan(byOperator(built())))).toBe('ACCEPTED');
    expect(outcomeOf(plan(by('ada', built())))).toBe('ACCEPTED');
  });
});

describe('what is opened below', () => {
  const subtree = assign({ reach: 'SUBTREE' });

  it('is measured in every scope that inherits', () => {
    const built = () => tenant().scope('sub', { parentId: 'ws' }).assign('will', 'reader', 'ws');
    expect(outcomeOf(subtree(by('will', built())))).toBe('ACCEPTED');
    expect(subtree(by('will', built().deny('will', 'reader', 'sub')))).toMatchObject({
      rejection: { code: 'ESCALATION', details: { scopeId: 'sub' } },
    });
  });

  it('ends at a cut, as the grant does', () => {
    const shutOut = tenant().assign('will', 'reader', 'ws').deny('will', 'reader', 'vault');
    expect(outcomeOf(subtree(by('will', shutOut)))).toBe('ACCEPTED');
  });

  it('passes a cut when the role is piercing', () => {
    const built = () =>
      tenant()
        .role('auditor', ['document:read'], { piercing: true })
        .assign('will', 'reader', 'ws');
    const plan = assign({ roleId: 'auditor', reach: 'SUBTREE' });
    expect(plan(by('will', built()))).toMatchObject({
      rejection: { details: { scopeId: 'vault' } },
    });
    expect(outcomeOf(plan(by('will', built().assign('will', 'reader', 'vault'))))).toBe('ACCEPTED');
  });

  it('passes a cut when a deny is lifted', () => {
    const built = () =>
      tenant().deny('bob', 'reader', 'ws', { id: 'deny' }).assign('will', 'reader', 'ws');
    const lift = (context: WriteContext) => planUnassignRole(context, { assignmentId: 'deny' });
    expect(lift(by('will', built()))).toMatchObject({
      rejection: { details: { scopeId: 'vault' } },
    });
    expect(outcomeOf(lift(by('will', built().assign('will', 'reader', 'vault'))))).toBe('ACCEPTED');
  });

  it('may be held by a grant here and another one there', () => {
    const pieces = tenant()
      .scope('sub', { parentId: 'ws' })
      .assign('will', 'reader', 'ws', { reach: 'SELF' })
      .assign('will', 'reader', 'sub');
    expect(outcomeOf(subtree(by('will', pieces)))).toBe('ACCEPTED');
  });
});

describe('assignment:any', () => {
  const built = () =>
    tenant()
      .role('any', ['assignment:any'])
      .role('piercing-any', ['assignment:any'], { piercing: true })
      .role('auditor', ['document:read'], { piercing: true });
  const deep = assign({ roleId: 'auditor', reach: 'SUBTREE' });

  it.each<[string, (tenant: TenantBuilder) => TenantBuilder, string]>([
    ['everywhere', (t) => t.assign('will', 'piercing-any'), 'ACCEPTED'],
    ['up to the cuts', (t) => t.assign('will', 'any'), 'vault'],
    [
      'up to the cuts and beyond each',
      (t) => t.assign('will', 'any').assign('will', 'any', 'vault'),
      'ACCEPTED',
    ],
    ['on the root alone', (t) => t.assign('will', 'piercing-any', 'root', { reach: 'SELF' }), 'ws'],
    [
      'everywhere but on a scope below',
      (t) => t.assign('will', 'piercing-any').deny('will', 'any', 'box'),
      'box',
    ],
    [
      'everywhere, until noon',
      (t) => t.assign('will', 'piercing-any', 'root', { validUntil: NOON }),
      'ACCEPTED',
    ],
    [
      'everywhere, from noon on',
      (t) => t.assign('will', 'piercing-any', 'root', { validFrom: NOON }),
      'ws',
    ],
  ])('held %s', (_, facts, outcome) => {
    const plan = deep(by('will', facts(built())));
    expect(plan.ok ? 'ACCEPTED' : plan.rejection.details?.['scopeId']).toBe(outcome);
  });
});

describe('a wildcard', () => {
  const held = (permissions: string[], roleId: string) =>
    outcomeOf(
      assign({ roleId })(
        by(
          'will',
          tenant()
            .role('all-documents', ['document:*'])
            .role('everything', ['*'])
            .role('held', permissions)
            .assign('will', 'held', 'ws'),
        ),
      ),
    );

  it.each([
    [['document:*'], 'reader', 'ACCEPTED'],
    [['document:*'], 'editor', 'ACCEPTED'],
    [['document:*'], 'all-documents', 'ACCEPTED'],
    [['*'], 'everything', 'ACCEPTED'],
    [['document:read', 'document:write'], 'all-documents', 'ESCALATION'],
    [['document:*'], 'everything', 'ESCALATION'],
    [['documents:*'], 'reader', 'ESCALATION'],
  ])('who holds %j and gives %s: %s', (permissions, roleId, outcome) => {
    expect(held(permissions, roleId)).toBe(outcome);
  });

  it('is lacked by who is denied a part of it', () => {
    const denied = tenant()
      .role('all-documents', ['document:*'])
      .role('purge', ['document:purge'])
      .assign('will', 'all-documents', 'ws')
      .deny('will', 'purge', 'ws');
    expect(outcomeOf(assign({ roleId: 'all-documents' })(by('will', denied)))).toBe('ESCALATION');
    expect(outcomeOf(assign({})(by('will', denied)))).toBe('ACCEPTED');
  });
});

describe('over time', () => {
  it.each<[string, Partial<AssignRole>, string]>([
    ['up to the same end', { validUntil: NOON }, 'ACCEPTED'],
    ['up to a later end', { validUntil: NOON + 1 }, 'ESCALATION'],
    ['without end', {}, 'ESCALATION'],
    ['from the end on', { validFrom: NOON }, 'ESCALATION'],
  ])('who holds it until noon gives it %s', (_, validity, outcome) => {
    const untilNoon = tenant().assign('will', 'reader', 'ws', { validUntil: NOON });
    expect(outcomeOf(assign(validity)(by('will', untilNoon)))).toBe(outcome);
  });

  it('holds all the while who holds it until noon and again from noon on', () => {
    // The clock is uncertain by 2 ms, so the second must begin that much earlier.
    const relay = (from: number) =>
      by(
        'will',
        tenant()
          .assign('will', 'reader', 'ws', { validUntil: NOON })
          .assign('will', 'reader', 'root', { validFrom: from }),
      );
    expect(outcomeOf(assign({})(relay(NOON - 2)))).toBe('ACCEPTED');
    expect(outcomeOf(assign({})(relay(NOON - 1)))).toBe('ESCALATION');
  });

  it('gives up to the beginning of a deny to come and no longer', () => {
    const deniedAtNoon = by(
      'will',
      tenant().assign('will', 'reader', 'ws').deny('will', 'reader', 'ws', { validFrom: NOON }),
    );
    expect(outcomeOf(assign({ validUntil: NOON })(deniedAtNoon))).toBe('ACCEPTED');
    expect(outcomeOf(assign({ validUntil: NOON + 1 })(deniedAtNoon))).toBe('ESCALATION');
  });

  it('lifts a deny that has ended', () => {
    const ended = tenant().deny('bob', 'reader', 'ws', { id: 'deny', validUntil: 999 });
    const plan = planUnassignRole(by('will', ended), { assignmentId: 'deny' });
    expect(outcomeOf(plan)).toBe('ACCEPTED');
  });
});

describe('what opens nothing', () => {
  it.each<[string, (tenant: TenantBuilder) => TenantBuilder, (context: WriteContext) => Plan]>([
    ['a deny', asItIs, assign({ effect: 'DENY', reach: 'SUBTREE' })],
    [
      'a grant taken away',
      (t) => t.assign('bob', 'reader', 'ws', { id: 'a' }),
      (c) => planUnassignRole(c, { assignmentId: 'a' }),
    ],
    [
      'a second source of a membership',
      (t) => t.assign('inner', 'reader').member('inner', 'carl', 'rule'),
      (c) => planAddMembers(c, member('inner', 'USER', 'carl')),
    ],
    [
      'a shorter way to a group one is in',
      (t) => t.assign('outer', 'reader'),
      (c) => planAddMembers(c, member('outer', 'USER', 'bob')),
    ],
    [
      'one of two ways out of a denied group',
      (t) => t.deny('outer', 'reader').member('outer', 'bob'),
      (c) => planRemoveMembers(c, member('inner', 'USER', 'bob')),
    ],
    [
      'a role edit that says a permission another way',
      (t) => t.role('wild', ['document:*']).assign('bob', 'wild'),
      (c) =>
        planChangeRole(c, {
          roleId: 'wild',
          builtIn: false,
          permissions: ['document:*', 'document:read'],
        }),
    ],
    [
      'an edit of a role nobody has',
      asItIs,
      (c) =>
        planChangeRole(c, {
          roleId: 'nothing',
          builtIn: false,
          permissions: ['*'],
          piercing: true,
        }),
    ],
    [
      'a role no longer piercing',
      (t) => t.role('auditor', ['audit:read'], { piercing: true }).assign('bob', 'auditor'),
      (c) => planChangeRole(c, { roleId: 'auditor', builtIn: false, piercing: false }),
    ],
    [
      'a cut',
      (t) => t.assign('bob', 'reader'),
      (c) => planChangeInheritance(c, { scopeId: 'ws', inheritsAccess: false }),
    ],
    [
      'a move under the same grants and denies',
      (t) => t.assign('bob', 'editor').deny('carl', 'editor'),
      (c) => planMoveScope(c, { scopeId: 'vault', parentId: 'other' }),
    ],
    [
      'a move of what is cut off',
      (t) => t.assign('bob', 'reader', 'other'),
      (c) => planMoveScope(c, { scopeId: 'vault', parentId: 'other' }),
    ],
    [
      'a new scope under a grant',
      (t) => t.assign('bob', 'reader', 'ws'),
      (c) =>
        planCreateScope(c, { id: 'new', parentId: 'ws', type: 'folder', inheritsAccess: true }),
    ],
    [
      'the end of someone who was denied',
      (t) => t.deny('bob', 'reader'),
      (c) => planChangePrincipalStatus(c, { principalId: 'bob', status: 'DEPROVISIONED' }),
    ],
  ])('%s', (_, facts, plan) => {
    expect(outcomeOf(plan(by('will', facts(tenant()))))).toBe('ACCEPTED');
  });
});
