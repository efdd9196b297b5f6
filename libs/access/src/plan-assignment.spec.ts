import { accepted, by, company, NOW, outcomeOf, withoutRole } from '../test/write-context.js';
import {
  planAssignRole,
  planChangeAssignment,
  planUnassignRole,
  planUnassignRoles,
  type AssignRole,
  type ChangeAssignment,
} from './plan-assignment.js';

const tenant = () =>
  company()
    .scope('ws', { type: 'workspace' })
    .role('reader', ['document:read'])
    .role('for-folders', ['document:read'], { assignableOn: ['folder', 'assistant'] })
    .user('bob')
    .user('gone', { status: 'ERASED' })
    .serviceAccount('bot')
    .group('eng')
    .assign('eng', 'reader', 'ws', { id: 'first', validUntil: 5_000 })
    .assign('bob', 'reader', 'ws', { id: 'synced', source: 'zitadel:main' });

const assign = (input: Partial<AssignRole>, connection?: string) =>
  planAssignRole(by('ada', tenant(), { connection }), {
    id: 'new',
    granteeKind: 'USER',
    granteeId: 'bob',
    roleId: 'reader',
    scopeId: 'ws',
    reach: 'SUBTREE',
    effect: 'ALLOW',
    source: 'manual',
    validFrom: null,
    validUntil: null,
    condition: null,
    ...input,
  });
const toEng = { granteeKind: 'GROUP', granteeId: 'eng' } as const;

describe('planAssignRole', () => {
  it.each<[string, Partial<AssignRole>, string]>([
    ['a user', {}, 'ACCEPTED'],
    ['a service account', { granteeKind: 'SERVICE_ACCOUNT', granteeId: 'bot' }, 'ACCEPTED'],
    ['a group', { ...toEng, scopeId: 'root' }, 'ACCEPTED'],
    ['an unknown scope', { scopeId: 'none' }, 'NOT_FOUND'],
    ['an unknown role', { roleId: 'none' }, 'NOT_FOUND'],
    ['an unknown user', { granteeId: 'none' }, 'NOT_FOUND'],
    ['a grantee of another kind', { granteeKind: 'GROUP' }, 'NOT_FOUND'],
    ['someone who has ended', { granteeId: 'gone' }, 'PRINCIPAL_ENDED'],
    ['a scope type the role is not for', { roleId: 'for-folders' }, 'ROLE_NOT_ASSIGNABLE_HERE'],
    ['an id that an assignment has', { id: 'first' }, 'ALREADY_EXISTS'],
    ['the same again, whatever its validity', toEng, 'ALREADY_EXISTS'],
    ['the same with another reach', { ...toEng, reach: 'SELF' }, 'ACCEPTED'],
    ['the same with another effect', { ...toEng, effect: 'DENY' }, 'ACCEPTED'],
    ['the same on another scope', { ...toEng, scopeId: 'root' }, 'ACCEPTED'],
    ['the same by another source', { granteeId: 'bob' }, 'ACCEPTED'],
    ['the source of a connection', { source: 'scim:entra' }, 'MANAGED_BY_CONNECTION'],
    ['a validity in the future', { validFrom: 2_000, validUntil: 3_000 }, 'ACCEPTED'],
    ['a validity that began', { validFrom: 1, validUntil: 3_000 }, 'ACCEPTED'],
    ['an end at its beginning', { validFrom: 2_000, validUntil: 2_000 }, 'INVALID_VALIDITY'],
    ['an end before its beginning', { validFrom: 3_000, validUntil: 2_000 }, 'INVALID_VALIDITY'],
    ['an end that may be past', { validUntil: NOW.latest }, 'INVALID_VALIDITY'],
    ['half a millisecond', { validFrom: 2_000.5 }, 'INVALID_VALIDITY'],
    ['a time that is none', { validUntil: Number.NaN }, 'INVALID_VALIDITY'],
    ['a condition', { condition: 'context.mfa' }, 'ACCEPTED'],
    ['what is no condition', { condition: 'context.' }, 'INVALID_CONDITION'],
    ['a condition that is too long', { condition: ' '.repeat(1_001) }, 'INVALID_CONDITION'],
    ['an empty condition', { condition: '' }, 'INVALID_CONDITION'],
    ['the same again under a condition', { ...toEng, condition: 'true' }, 'ALREADY_EXISTS'],
  ])('answers for %s', (_, input, outcome) => {
    expect(outcomeOf(assign(input))).toBe(outcome);
  });

  it('names the assignment that says the same', () => {
    expect(assign(toEng)).toMatchObject({ rejection: { details: { id: 'first' } } });
  });

  it('says what is wrong with a condition, and where', () => {
    expect(assign({ condition: 'true &&' })).toMatchObject({
      rejection: { details: { offset: 7, problem: expect.stringContaining('EOF') as string } },
    });
  });

  it('lets a connection assign by its own source alone', () => {
    expect(outcomeOf(assign({ source: 'scim:okta' }, 'scim:okta'))).toBe('ACCEPTED');
    expect(outcomeOf(assign({ source: 'manual' }, 'scim:okta'))).toBe('MANAGED_BY_CONNECTION');
  });

  it('lets nothing but the fact into its event', () => {
    const { events } = accepted(assign({ ...toEng, scopeId: 'root', reason: 'x' } as object));
    expect(events[0]).toHaveProperty('assignment.granteeId', 'eng');
    expect(events[0]).not.toHaveProperty('assignment.reason');
  });

  it.each<[string, string | undefined, string, string]>([
    ['under the scope that is named', 'ws', 'ada', 'ACCEPTED'],
    ['under whichever scope, where none is named', undefined, 'ada', 'ACCEPTED'],
    ['under another scope than is named', 'root', 'ada', 'NOT_FOUND'],
    ['under another, to who may assign in neither', 'root', 'bob', 'FORBIDDEN'],
  ])('a resource %s', (_, underScopeId, actor, outcome) => {
    const context = by(actor, tenant().resource('document:d1', 'ws'));
    const plan = planAssignRole(context, {
      ...{ id: 'new', granteeKind: 'USER', granteeId: 'bob', roleId: 'reader' },
      ...{ scopeId: 'document:d1', underScopeId, reach: 'SELF', effect: 'ALLOW' },
      ...{ source: 'manual', validFrom: null, validUntil: null, condition: null },
    });
    expect(outcomeOf(plan)).toBe(outcome);
  });
});

describe('planUnassignRole', () => {
  it.each([
    ['an assignment', 'first', 'ACCEPTED'],
    ['an unknown assignment', 'none', 'NOT_FOUND'],
    ['by hand, what a connection assigned', 'synced', 'MANAGED_BY_CONNECTION'],
  ])('answers for %s', (_, assignmentId, outcome) => {
    const plan = planUnassignRole(by('ada', tenant()), { assignmentId });
    expect(outcomeOf(plan)).toBe(outcome);
    if (plan.ok) expect(plan.after.assignment(assignmentId)).toBeUndefined();
  });
});

describe('planChangeAssignment', () => {
  const change = (assignmentId: string, changes: Omit<ChangeAssignment, 'assignmentId'>) =>
    planChangeAssignment(by('ada', tenant()), { assignmentId, ...changes });

  it.each<[string, string, Omit<ChangeAssignment, 'assignmentId'>, string]>([
    ['an unknown assignment', 'none', {}, 'NOT_FOUND'],
    ['by hand, what a connection assigned', 'synced', {}, 'MANAGED_BY_CONNECTION'],
    ['an end that may be past', 'first', { validUntil: NOW.latest }, 'INVALID_VALIDITY'],
    ['a beginning behind the end', 'first', { validFrom: 6_000 }, 'INVALID_VALIDITY'],
    ['what is no condition', 'first', { condition: 'context.' }, 'INVALID_CONDITION'],
    ['another end', 'first', { validUntil: 6_000 }, 'ACCEPTED'],
    ['a condition of one that is over', 'over', { condition: 'true' }, 'ACCEPTED'],
    ['one of a role that is gone', 'orphan', { condition: 'true' }, 'NOT_FOUND'],
  ])('answers for %s', (_, assignmentId, changes, outcome) => {
    const facts = tenant()
      .role('old', ['document:read'])
      .assign('bob', 'reader', 'root', { id: 'over', validUntil: 500 })
      .assign('bob', 'old', 'root', { id: 'orphan' });
    const plan = planChangeAssignment(by('ada', withoutRole('old', facts)), {
      assignmentId,
      ...changes,
    });
    expect(outcomeOf(plan)).toBe(outcome);
  });

  it('puts the changed one in the place of what was, under the same id, in one event', () => {
    const { events, after } = accepted(change('first', { validFrom: 2_000, validUntil: null }));
    const assignment = {
      ...tenant().snapshot().assignment('first'),
      validFrom: 2_000,
      validUntil: null,
    };
    expect(events).toEqual([{ type: 'role-assigned', assignment }]);
    expect(after.assignment('first')).toEqual(assignment);
  });

  it('of nothing is no event', () => {
    expect(accepted(change('first', { validUntil: 5_000 })).events).toEqual([]);
    expect(accepted(change('first', {})).events).toEqual([]);
  });
});

describe('planUnassignRoles', () => {
  it.each([
    ['some', ['first', 'more', 'first'], 'ACCEPTED'],
    ['none', [], 'INVALID_INPUT'],
    ['1,001', Array.from({ length: 1_001 }, () => 'first'), 'INVALID_INPUT'],
    ['an unknown one among them', ['first', 'none'], 'NOT_FOUND'],
    ["a connection's among them", ['first', 'synced'], 'MANAGED_BY_CONNECTION'],
  ])('answers for %s', (_, assignmentIds, outcome) => {
    const facts = tenant().deny('bob', 'reader', 'ws', { id: 'more' });
    const plan = planUnassignRoles(by('ada', facts), { assignmentIds });
    expect(outcomeOf(plan)).toBe(outcome);
    if (!plan.ok) return;
    expect(plan.events).toEqual([
      { type: 'role-unassigned', assignmentId: 'first' },
      { type: 'role-unassigned', assignmentId: 'more' },
    ]);
  });

  it('asks for the right at the scope of each', () => {
    const facts = tenant()
      .role('assigner', ['assignment:write', 'document:*'])
      .user('ann')
      .assign('ann', 'assigner', 'ws')
      .assign('bob', 'reader', 'root', { id: 'above' });
    const unassign = (assignmentIds: string[]) =>
      outcomeOf(planUnassignRoles(by('ann', facts), { assignmentIds }));
    expect(unassign(['first'])).toBe('ACCEPTED');
    expect(unassign(['first', 'above'])).toBe('FORBIDDEN');
  });
});
