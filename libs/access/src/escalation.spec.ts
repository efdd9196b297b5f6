import { EVERYONE } from '@bastion/policy';
import type { TenantBuilder } from '@bastion/testing';
import { assign, member, NOON, tenant } from '../test/escalation-tenant.js';
import { by, byOperator, outcomeOf } from '../test/write-context.js';
import type { Plan, WriteContext } from './plan.js';
import { planChangeAssignment, planUnassignRole, planUnassignRoles } from './plan-assignment.js';
import { planAddMembers, planDeleteGroup, planRemoveMembers } from './plan-group.js';
import { planChangePrincipalStatus } from './plan-principal.js';
import { planMoveResource, planUnregisterResource } from './plan-resource.js';
import { planChangeRole, planRetireRole } from './plan-role.js';
import { planChangeInheritance, planMoveScope } from './plan-scope.js';

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
    'an assignment to Everyone',
    asItIs,
    assign({ granteeKind: 'GROUP', granteeId: EVERYONE }),
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
    (t) => t.assign('bob', 'reader', 'ws').assign('will', 'reader', 'ws'),
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
    'a longer grant',
    (t) => t.assign('bob', 'reader', 'ws', { id: 'held', reach: 'SELF', validUntil: NOON }),
    (c) => planChangeAssignment(c, { assignmentId: 'held', validUntil: 2 * NOON }),
    readOn('ws'),
  ],
  [
    'an earlier grant',
    (t) => t.assign('bob', 'reader', 'ws', { id: 'held', reach: 'SELF', validFrom: NOON }),
    (c) => planChangeAssignment(c, { assignmentId: 'held', validFrom: null }),
    readOn('ws'),
  ],
  [
    'a shorter deny',
    (t) => t.deny('inner', 'reader', 'ws', { id: 'held', reach: 'SELF' }),
    (c) => planChangeAssignment(c, { assignmentId: 'held', validUntil: NOON }),
    readOn('ws'),
  ],
  [
    'a later deny',
    (t) => t.deny('bob', 'reader', 'ws', { id: 'held', reach: 'SELF' }),
    (c) => planChangeAssignment(c, { assignmentId: 'held', validFrom: NOON }),
    readOn('ws'),
  ],
  [
    'a grant under another condition',
    (t) => t.assign('bob', 'reader', 'ws', { id: 'held', reach: 'SELF', condition: 'false' }),
    (c) => planChangeAssignment(c, { assignmentId: 'held', condition: 'true' }),
    readOn('ws'),
  ],
  [
    'a deny that gets a condition',
    (t) => t.deny('bob', 'reader', 'ws', { id: 'held', reach: 'SELF' }),
    (c) => planChangeAssignment(c, { assignmentId: 'held', condition: 'context.mfa' }),
    readOn('ws'),
  ],
  [
    'denies lifted together',
    (t) =>
      t
        .deny('carl', 'nothing', 'ws', { id: 'other' })
        .deny('bob', 'reader', 'ws', { id: 'deny', reach: 'SELF' }),
    (c) => planUnassignRoles(c, { assignmentIds: ['other', 'deny'] }),
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
    (c) => planDeleteGroup(c, { groupId: 'inner', managedBy: null }),
    readOn('ws'),
  ],
  [
    'a group between deleted',
    (t) => t.deny('outer', 'reader', 'ws', { reach: 'SELF' }),
    (c) => planDeleteGroup(c, { groupId: 'inner', managedBy: null }),
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
  [
    'an assignment on a resource',
    (t) => t.resource('document:42', 'ws'),
    assign({ scopeId: 'document:42' }),
    readOn('document:42'),
  ],
  [
    'a resource moved under a grant',
    (t) => t.resource('document:42', 'ws').assign('bob', 'reader', 'other'),
    (c) => planMoveResource(c, { type: 'document', id: '42', scopeId: 'other' }),
    readOn('document:42'),
  ],
  [
    'a resource moved out from under a deny',
    (t) => t.resource('document:42', 'ws').deny('bob', 'reader', 'ws'),
    (c) => planMoveResource(c, { type: 'document', id: '42', scopeId: 'other' }),
    readOn('document:42'),
  ],
  [
    'a resource unregistered with a deny on it',
    (t) => t.resource('document:42', 'ws').deny('bob', 'reader', 'document:42'),
    (c) => planUnregisterResource(c, { type: 'document', id: '42' }),
    readOn('document:42'),
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
