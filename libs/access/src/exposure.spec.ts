import type { TenantBuilder } from '@bastion/testing';
import { assign, member, NOON, tenant } from '../test/escalation-tenant.js';
import { by, outcomeOf } from '../test/write-context.js';
import type { Plan, WriteContext } from './plan.js';
import { planChangeAssignment, planUnassignRole } from './plan-assignment.js';
import { planAddMembers, planRemoveMembers } from './plan-group.js';
import { planChangePrincipalStatus } from './plan-principal.js';
import { settle } from './settle.js';
import { planChangeRole } from './plan-role.js';
import { planChangeInheritance, planCreateScope, planMoveScope } from './plan-scope.js';

describe('another condition in the place of one', () => {
  const held = { id: 'held', condition: 'context.mfa' };

  it.each<[string, TenantBuilder, string | null, string]>([
    ['of a grant', tenant().assign('bob', 'reader', 'ws', held), 'context.vpn', 'ESCALATION'],
    ['of a grant, or none', tenant().assign('bob', 'reader', 'ws', held), null, 'ESCALATION'],
    ['of a deny', tenant().deny('bob', 'reader', 'ws', held), 'context.vpn', 'ESCALATION'],
    ['of a deny, or none', tenant().deny('bob', 'reader', 'ws', held), null, 'ACCEPTED'],
    [
      'of a grant: the same',
      tenant().assign('bob', 'reader', 'ws', held),
      held.condition,
      'ACCEPTED',
    ],
  ])('%s', (_, facts, condition, outcome) => {
    const context = by('will', facts);
    const assignment = { ...context.before.assignment('held')!, condition };
    expect(outcomeOf(settle(context, [{ type: 'role-assigned', assignment }]))).toBe(outcome);
  });

  it('of a grant that had none opens nothing', () => {
    const context = by('will', tenant().assign('bob', 'reader', 'ws', { id: 'held' }));
    const assignment = { ...context.before.assignment('held')!, condition: 'context.mfa' };
    expect(outcomeOf(settle(context, [{ type: 'role-assigned', assignment }]))).toBe('ACCEPTED');
  });
});

describe('a longer grant', () => {
  const held = { id: 'held', validUntil: NOON };
  const longer = (context: WriteContext) =>
    planChangeAssignment(context, { assignmentId: 'held', validUntil: 2 * NOON });

  it.each([
    ['for the time that is new', { validFrom: NOON - 10 }, 'ACCEPTED'],
    ['for part of the time that is new', { validFrom: NOON }, 'ESCALATION'],
    ['for too short a time', { validUntil: 2 * NOON - 1 }, 'ESCALATION'],
  ])('is given by who holds it %s', (_, own, outcome) => {
    const facts = tenant().assign('bob', 'reader', 'ws', held).assign('will', 'reader', 'ws', own);
    expect(outcomeOf(longer(by('will', facts)))).toBe(outcome);
  });
});

describe('what opens nothing', () => {
  it.each<[string, (tenant: TenantBuilder) => TenantBuilder, (context: WriteContext) => Plan]>([
    ['a deny', (t) => t, assign({ effect: 'DENY', reach: 'SUBTREE' })],
    [
      'a grant taken away',
      (t) => t.assign('bob', 'reader', 'ws', { id: 'a' }),
      (c) => planUnassignRole(c, { assignmentId: 'a' }),
    ],
    [
      'a grant that ends sooner',
      (t) => t.assign('bob', 'reader', 'ws', { id: 'a' }),
      (c) => planChangeAssignment(c, { assignmentId: 'a', validUntil: NOON }),
    ],
    [
      'a grant that begins later, under a condition',
      (t) => t.assign('bob', 'reader', 'ws', { id: 'a' }),
      (c) => planChangeAssignment(c, { assignmentId: 'a', validFrom: NOON, condition: 'true' }),
    ],
    [
      'a deny that lasts longer, without its condition',
      (t) => t.deny('bob', 'reader', 'ws', { id: 'a', validUntil: NOON, condition: 'true' }),
      (c) => planChangeAssignment(c, { assignmentId: 'a', validUntil: null, condition: null }),
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
      (t) => t,
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
