import { tenantFacts, type TenantBuilder } from '@bastion/testing';
import { byOperator, company, NOW, outcomeOf } from '../test/write-context.js';
import { hasAdministrator } from './last-admin.js';
import type { Plan, WriteContext } from './plan.js';
import {
  planAssignRole,
  planChangeAssignment,
  planUnassignRole,
  planUnassignRoles,
} from './plan-assignment.js';
import { planAddMembers, planDeleteGroup, planRemoveMembers } from './plan-group.js';
import { planChangePrincipalStatus } from './plan-principal.js';
import { planChangeRole, planRetireRole } from './plan-role.js';

/** Bob administers by way of staff in admins; nobody else does. */
const tenant = () =>
  tenantFacts()
    .scope('ws')
    .role('admin', ['*'], { piercing: true })
    .role('reader', ['document:read'])
    .role('nothing', [])
    .user('bob')
    .group('admins')
    .group('staff')
    .group('denied')
    .member('admins', 'staff')
    .member('staff', 'bob')
    .assign('admins', 'admin', 'root', { id: 'grant' })
    .deny('denied', 'reader')
    .deny('bob', 'nothing');

const toBob = {
  id: 'new',
  granteeKind: 'USER',
  granteeId: 'bob',
  roleId: 'reader',
  scopeId: 'root',
  reach: 'SELF',
  effect: 'DENY',
  source: 'manual',
  validFrom: null,
  validUntil: null,
  condition: null,
} as const;
const bob = { groupId: 'staff', members: [{ kind: 'USER', id: 'bob' }], source: 'manual' } as const;

const WAYS: [string, (context: WriteContext) => Plan][] = [
  ['unassigning the role', (c) => planUnassignRole(c, { assignmentId: 'grant' })],
  [
    'letting the assignment end',
    (c) => planChangeAssignment(c, { assignmentId: 'grant', validUntil: 50_000 }),
  ],
  [
    'putting the assignment off',
    (c) => planChangeAssignment(c, { assignmentId: 'grant', validFrom: 50_000 }),
  ],
  [
    'a condition on the assignment',
    (c) => planChangeAssignment(c, { assignmentId: 'grant', condition: 'true' }),
  ],
  ['unassigning several', (c) => planUnassignRoles(c, { assignmentIds: ['grant'] })],
  ['suspending', (c) => planChangePrincipalStatus(c, { principalId: 'bob', status: 'SUSPENDED' })],
  [
    'deprovisioning',
    (c) => planChangePrincipalStatus(c, { principalId: 'bob', status: 'DEPROVISIONED' }),
  ],
  ['removing from the group', (c) => planRemoveMembers(c, bob)],
  [
    'emptying the outer group',
    (c) =>
      planRemoveMembers(c, {
        ...bob,
        groupId: 'admins',
        members: [{ kind: 'GROUP', id: 'staff' }],
      }),
  ],
  ['deleting the group', (c) => planDeleteGroup(c, { groupId: 'staff', managedBy: null })],
  ['deleting the outer group', (c) => planDeleteGroup(c, { groupId: 'admins', managedBy: null })],
  [
    'shrinking the role',
    (c) => planChangeRole(c, { roleId: 'admin', builtIn: false, permissions: ['user:*'] }),
  ],
  [
    'making the role stop at cuts',
    (c) => planChangeRole(c, { roleId: 'admin', builtIn: false, piercing: false }),
  ],
  ['retiring the role', (c) => planRetireRole(c, { roleId: 'admin', builtIn: false })],
  ['denying anything on the root', (c) => planAssignRole(c, toBob)],
  ['a deny to come', (c) => planAssignRole(c, { ...toBob, validFrom: 50_000 })],
  [
    'denying it to the group',
    (c) => planAssignRole(c, { ...toBob, granteeKind: 'GROUP', granteeId: 'staff' }),
  ],
  [
    'denying assignment:write anywhere',
    (c) => planAssignRole(c, { ...toBob, roleId: 'admin', scopeId: 'ws' }),
  ],
  ['joining a denied group', (c) => planAddMembers(c, { ...bob, groupId: 'denied' })],
  [
    'the group joining a denied group',
    (c) =>
      planAddMembers(c, { ...bob, groupId: 'denied', members: [{ kind: 'GROUP', id: 'admins' }] }),
  ],
  [
    'widening what is denied',
    (c) => planChangeRole(c, { roleId: 'nothing', builtIn: false, permissions: ['document:*'] }),
  ],
];

describe.each(WAYS)('%s', (_, plan) => {
  it('is refused when it unseats the last administrator, also to an operator', () => {
    expect(outcomeOf(plan(byOperator(tenant())))).toBe('LAST_ADMIN');
  });

  it('is accepted when another one stays', () => {
    const built = tenant()
      .role('other-admin', ['*'], { piercing: true })
      .user('ada')
      .assign('ada', 'other-admin');
    expect(outcomeOf(plan(byOperator(built)))).toBe('ACCEPTED');
  });

  it('is accepted when there was none before', () => {
    const built = tenant().deny('bob', 'admin', 'root', { id: 'handicap' });
    expect(outcomeOf(plan(byOperator(built)))).toBe('ACCEPTED');
  });
});

describe('an identity connection', () => {
  const connection = 'scim:entra';

  it.each(['SUSPENDED', 'DEPROVISIONED'] as const)('may make the last one %s', (status) => {
    const context = byOperator(tenant(), { connection });
    expect(outcomeOf(planChangePrincipalStatus(context, { principalId: 'bob', status }))).toBe(
      'ACCEPTED',
    );
  });

  it('may not unseat the last one by any other write', () => {
    const built = company().group('admins').user('bob').member('admins', 'bob', connection);
    const alone = built.assign('admins', 'tenant-admin').deny('ada', 'writes');
    const plan = planRemoveMembers(byOperator(alone, { connection }), {
      groupId: 'admins',
      members: [{ kind: 'USER', id: 'bob' }],
      source: connection,
    });
    expect(outcomeOf(plan)).toBe('LAST_ADMIN');
  });
});

describe('hasAdministrator', () => {
  const bare = () =>
    tenantFacts()
      .scope('ws')
      .role('admin', ['*'], { piercing: true })
      .role('includes-admin', [], { includes: ['admin'], piercing: true })
      .role('not-piercing', ['*'])
      .role('too-little', ['user:*', 'assignment:*'], { piercing: true })
      .role('reader', ['document:read'])
      .role('any', ['assignment:any'])
      .role('nothing', [])
      .user('bob');

  it.each<[string, (tenant: TenantBuilder) => TenantBuilder, boolean]>([
    ['the grant on the root', (t) => t.assign('bob', 'admin'), true],
    ['a role that includes it', (t) => t.assign('bob', 'includes-admin'), true],
    [
      'a validity that has begun',
      (t) => t.assign('bob', 'admin', 'root', { validFrom: NOW.earliest }),
      true,
    ],
    [
      'a validity that may not have begun',
      (t) => t.assign('bob', 'admin', 'root', { validFrom: NOW.latest }),
      false,
    ],
    ['a validity that ends', (t) => t.assign('bob', 'admin', 'root', { validUntil: 9e15 }), false],
    ['a condition', (t) => t.assign('bob', 'admin', 'root', { condition: 'true' }), false],
    ['the root scope alone', (t) => t.assign('bob', 'admin', 'root', { reach: 'SELF' }), false],
    ['another scope', (t) => t.assign('bob', 'admin', 'ws'), false],
    ['a role that stops at cuts', (t) => t.assign('bob', 'not-piercing'), false],
    ['a role with less', (t) => t.assign('bob', 'too-little'), false],
    ['a service account', (t) => t.serviceAccount('bot').assign('bot', 'admin'), false],
    [
      'someone suspended',
      (t) => t.user('sue', { status: 'SUSPENDED' }).assign('sue', 'admin'),
      false,
    ],
    ['an empty group', (t) => t.group('admins').assign('admins', 'admin'), false],
    [
      'a deny of something on the root',
      (t) => t.assign('bob', 'admin').deny('bob', 'reader', 'root', { reach: 'SELF' }),
      false,
    ],
    [
      'a deny under a condition',
      (t) => t.assign('bob', 'admin').deny('bob', 'reader', 'root', { condition: 'context.x' }),
      false,
    ],
    ['a deny of nothing on the root', (t) => t.assign('bob', 'admin').deny('bob', 'nothing'), true],
    [
      'a deny that has ended',
      (t) => t.assign('bob', 'admin').deny('bob', 'reader', 'root', { validUntil: 1_000 }),
      true,
    ],
    [
      'a deny that may not have ended',
      (t) => t.assign('bob', 'admin').deny('bob', 'reader', 'root', { validUntil: 1_001 }),
      false,
    ],
    [
      'a deny further down that it can lift',
      (t) => t.assign('bob', 'admin').deny('bob', 'reader', 'ws'),
      true,
    ],
    [
      'a deny further down that it cannot lift',
      (t) => t.assign('bob', 'admin').deny('bob', 'any', 'ws'),
      false,
    ],
  ])('by %s', (_, facts, expected) => {
    expect(hasAdministrator(facts(bare()).snapshot(), NOW)).toBe(expected);
  });
});
