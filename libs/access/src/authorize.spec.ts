import { tenantFacts } from '@bastion/testing';
import { by, byOperator, outcomeOf, WRITES } from '../test/write-context.js';
import type { ApiPermission } from './api-permissions.js';
import type { Plan, WriteContext } from './plan.js';
import { planGiveAccess, planTakeAccess } from './plan-access.js';
import { planAssignRole, planUnassignRole } from './plan-assignment.js';
import { planCreateScopes } from './plan-branches.js';
import {
  planAddMembers,
  planChangeGroup,
  planCreateGroup,
  planDeleteGroup,
  planRemoveMembers,
} from './plan-group.js';
import {
  planChangePrincipalStatus,
  planCreateServiceAccount,
  planCreateUser,
} from './plan-principal.js';
import { planChangeRole, planCreateRole, planRetireRole } from './plan-role.js';
import {
  planChangeInheritance,
  planChangeScope,
  planCreateScope,
  planDeleteScope,
  planMoveScope,
} from './plan-scope.js';
import { planSetStaleMode } from './plan-stale-mode.js';

const role = {
  id: 'new',
  permissions: [],
  includes: [],
  assignableOn: [],
  privileged: false,
  piercing: false,
};
const assignment = {
  id: 'new',
  granteeKind: 'USER',
  granteeId: 'bob',
  roleId: 'nothing',
  scopeId: 'ws',
  reach: 'SUBTREE',
  effect: 'ALLOW',
  source: 'manual',
  validFrom: null,
  validUntil: null,
  condition: null,
} as const;
const membership = {
  groupId: 'eng',
  members: [{ kind: 'USER', id: 'carl' }],
  source: 'manual',
} as const;

/** Each write, what it asks for, and the scopes where it does. */
const WRITES_AND_NEEDS: [string, (context: WriteContext) => Plan, ApiPermission, string[]][] = [
  [
    'create a user',
    (c) => planCreateUser(c, { id: 'new', subject: 'new', status: 'ACTIVE' }),
    'user:write',
    ['root'],
  ],
  [
    'change a user',
    (c) => planChangePrincipalStatus(c, { principalId: 'bob', status: 'SUSPENDED' }),
    'user:write',
    ['root'],
  ],
  [
    'create a service account',
    (c) => planCreateServiceAccount(c, { id: 'new', subject: 'new' }),
    'service-account:write',
    ['root'],
  ],
  [
    'change a service account',
    (c) => planChangePrincipalStatus(c, { principalId: 'bot', status: 'SUSPENDED' }),
    'service-account:write',
    ['root'],
  ],
  ['create a group', (c) => planCreateGroup(c, { id: 'new' }), 'group:write', ['root']],
  [
    'change a group',
    (c) => planChangeGroup(c, { groupId: 'eng', managedBy: null }),
    'group:write',
    ['root'],
  ],
  [
    'delete a group',
    (c) => planDeleteGroup(c, { groupId: 'eng', managedBy: null }),
    'group:write',
    ['root'],
  ],
  ['add members', (c) => planAddMembers(c, membership), 'group:write', ['root']],
  [
    'remove members',
    (c) => planRemoveMembers(c, { ...membership, members: [{ kind: 'USER', id: 'bob' }] }),
    'group:write',
    ['root'],
  ],
  ['create a role', (c) => planCreateRole(c, role), 'role:write', ['root']],
  [
    'change a role',
    (c) => planChangeRole(c, { roleId: 'nothing', builtIn: false, privileged: true }),
    'role:write',
    ['root'],
  ],
  [
    'retire a role',
    (c) => planRetireRole(c, { roleId: 'nothing', builtIn: false }),
    'role:write',
    ['root'],
  ],
  [
    'create a scope',
    (c) => planCreateScope(c, { id: 'new', parentId: 'ws', type: 'folder', inheritsAccess: true }),
    'scope:write',
    ['ws'],
  ],
  ['change a scope', (c) => planChangeScope(c, { scopeId: 'sub' }), 'scope:write', ['sub']],
  [
    'create branches',
    (c) =>
      planCreateScopes(c, {
        askedAt: ['other'],
        scopes: [{ id: 'new', parentId: 'ws', type: 'folder', inheritsAccess: true }],
      }),
    'scope:write',
    ['ws', 'other'],
  ],
  [
    'move a scope',
    (c) => planMoveScope(c, { scopeId: 'sub', parentId: 'other' }),
    'scope:write',
    ['sub', 'other'],
  ],
  [
    'change inheritance',
    (c) => planChangeInheritance(c, { scopeId: 'sub', inheritsAccess: false }),
    'scope:write',
    ['sub'],
  ],
  [
    'delete a scope',
    (c) => planDeleteScope(c, { scopeId: 'ws', recursive: true }),
    'scope:write',
    ['ws', 'sub'],
  ],
  ['assign a role', (c) => planAssignRole(c, assignment), 'assignment:write', ['ws']],
  [
    'unassign a role',
    (c) => planUnassignRole(c, { assignmentId: 'bobs' }),
    'assignment:write',
    ['sub'],
  ],
  [
    'give access',
    (c) => planGiveAccess(c, { scopeId: 'ws', reach: 'SELF', accesses: [assignment] }),
    'assignment:write',
    ['ws'],
  ],
  [
    'take access',
    (c) => planTakeAccess(c, { scopeId: 'sub', accesses: [] }),
    'assignment:write',
    ['sub'],
  ],
  [
    'set the stale mode',
    (c) => planSetStaleMode(c, { staleMode: 'SERVE', maxStaleMs: 60_000 }),
    'tenant:write',
    ['root'],
  ],
];

function tenant() {
  return tenantFacts()
    .scope('ws')
    .scope('sub', { parentId: 'ws' })
    .scope('other')
    .role('nothing', [])
    .user('amy')
    .user('bob')
    .user('carl')
    .serviceAccount('bot')
    .group('eng')
    .member('eng', 'bob')
    .assign('bob', 'nothing', 'sub', { id: 'bobs' });
}

describe.each(WRITES_AND_NEEDS)('to %s', (what, plan, permission, scopeIds) => {
  /** Amy holds one permission on some scopes, each for itself, and everything else everywhere. */
  const amy = (on: readonly string[]) => {
    const built = tenant()
      .role('it', [permission])
      .role(
        'else',
        WRITES.filter((other) => other !== permission),
      )
      .assign('amy', 'else');
    for (const scopeId of on) built.assign('amy', 'it', scopeId, { reach: 'SELF' });
    return by('amy', built);
  };

  it(`takes ${permission} on ${scopeIds.join(' and ')}`, () => {
    expect(outcomeOf(plan(amy(scopeIds)))).toBe('ACCEPTED');
  });

  it.each(scopeIds)(`is FORBIDDEN without ${permission} on %s`, (lacking) => {
    const others = ['root', 'ws', 'sub', 'other'].filter((scopeId) => scopeId !== lacking);
    // How far branches are there already is nobody's to know who may not create them.
    const where = what === 'create branches' ? {} : { scopeId: lacking };
    expect(plan(amy(others))).toMatchObject({
      ok: false,
      rejection: { code: 'FORBIDDEN', details: { permission, ...where } },
    });
  });

  it('takes no permission of an operator', () => {
    expect(outcomeOf(plan(byOperator(tenant())))).toBe('ACCEPTED');
  });

  it('is refused to everyone while the tenant is suspended', () => {
    expect(outcomeOf(plan(byOperator(tenant().suspended())))).toBe('TENANT_SUSPENDED');
  });

  it('is FORBIDDEN to whoever is not ACTIVE', () => {
    const suspended = tenant()
      .role('all', ['*'])
      .user('sam', { status: 'SUSPENDED' })
      .assign('sam', 'all');
    expect(outcomeOf(plan(by('sam', suspended)))).toBe('FORBIDDEN');
  });
});
