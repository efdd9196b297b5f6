import type { TenantBuilder } from '@bastion/testing';
import { assign, NOON, tenant } from '../test/escalation-tenant.js';
import { by, outcomeOf } from '../test/write-context.js';
import type { WriteContext } from './plan.js';
import { planUnassignRole, type AssignRole } from './plan-assignment.js';

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

  it('is not held by who holds it on each scope alone: resources are below them', () => {
    const pieces = tenant()
      .scope('sub', { parentId: 'ws' })
      .assign('will', 'reader', 'ws', { reach: 'SELF' })
      .assign('will', 'reader', 'sub');
    expect(subtree(by('will', pieces))).toMatchObject({
      rejection: { code: 'ESCALATION', details: { scopeId: 'ws' } },
    });
  });

  it('is measured on a resource that the actor is denied on', () => {
    const built = () =>
      tenant()
        .scope('sub', { parentId: 'ws' })
        .resource('document:42', 'sub')
        .assign('will', 'reader', 'ws');
    expect(outcomeOf(subtree(by('will', built())))).toBe('ACCEPTED');
    expect(subtree(by('will', built().deny('will', 'reader', 'document:42')))).toMatchObject({
      rejection: { code: 'ESCALATION', details: { scopeId: 'document:42' } },
    });
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

describe('under a condition', () => {
  // Even where it is true of every request that the plan itself could think of.
  it.each(['true', '!has(context.mfa)'])('%s nobody holds what they could give', (condition) => {
    const now = tenant().assign('will', 'reader', 'ws', { condition });
    expect(outcomeOf(assign({})(by('will', now)))).toBe('ESCALATION');
    expect(outcomeOf(assign({ condition })(by('will', now)))).toBe('ESCALATION');
    const any = tenant()
      .role('piercing-any', ['assignment:any'], { piercing: true })
      .assign('will', 'piercing-any', 'root', { condition });
    expect(outcomeOf(assign({})(by('will', any)))).toBe('ESCALATION');
  });

  it('who holds it anyway gives it with and without one', () => {
    const holder = by('will', tenant().assign('will', 'reader', 'ws'));
    expect(outcomeOf(assign({})(holder))).toBe('ACCEPTED');
    expect(outcomeOf(assign({ condition: 'context.mfa' })(holder))).toBe('ACCEPTED');
  });

  it('a deny takes from what somebody holds, also where it would be false', () => {
    const denied = tenant()
      .assign('will', 'reader', 'ws')
      .deny('will', 'reader', 'ws', { condition: 'false' });
    expect(outcomeOf(assign({})(by('will', denied)))).toBe('ESCALATION');
  });

  it('a grant gives as much as one without, and a deny that ends opens as much', () => {
    const stranger = tenant().deny('bob', 'reader', 'ws', { id: 'deny', condition: 'false' });
    expect(outcomeOf(assign({ condition: 'false' })(by('will', stranger)))).toBe('ESCALATION');
    const plan = planUnassignRole(by('will', stranger), { assignmentId: 'deny' });
    expect(outcomeOf(plan)).toBe('ESCALATION');
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
