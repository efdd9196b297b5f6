import { accepted, by, byOperator, company, outcomeOf } from '../test/write-context.js';
import {
  planChangeInheritance,
  planCreateScope,
  planDeleteScope,
  planMoveScope,
  type CreateScope,
} from './plan-scope.js';

/** root > ws > sub > leaf, and root > other. */
const tree = () =>
  company()
    .scope('ws', { type: 'workspace' })
    .scope('sub', { parentId: 'ws' })
    .scope('leaf', { parentId: 'sub' })
    .scope('other', { type: 'workspace' });

describe('planCreateScope', () => {
  it.each<[string, Partial<CreateScope>, string]>([
    ['a new scope', {}, 'ACCEPTED'],
    ['an unknown parent', { parentId: 'none' }, 'NOT_FOUND'],
    ['an id that a scope has', { id: 'sub' }, 'ALREADY_EXISTS'],
    ['an empty type', { type: '' }, 'INVALID_INPUT'],
    ['a type of 65 characters', { type: 't'.repeat(65) }, 'INVALID_INPUT'],
  ])('answers for %s', (_, input, outcome) => {
    const scope = { id: 'new', parentId: 'ws', type: 'folder', inheritsAccess: false, ...input };
    expect(outcomeOf(planCreateScope(by('will', tree()), scope))).toBe(outcome);
  });

  it('puts the scope under its parent', () => {
    const scope = { id: 'new', parentId: 'leaf', type: 'folder', inheritsAccess: false };
    const { after } = accepted(planCreateScope(by('will', tree()), scope));
    expect(after.childrenOf('leaf')).toEqual([scope]);
  });
});

describe('planMoveScope', () => {
  it.each([
    ['to another parent', 'sub', 'other', 'ACCEPTED'],
    ['to its parent', 'sub', 'ws', 'ACCEPTED'],
    ['an unknown scope', 'none', 'ws', 'NOT_FOUND'],
    ['to an unknown parent', 'sub', 'none', 'NOT_FOUND'],
    ['under itself', 'sub', 'sub', 'SCOPE_CYCLE'],
    ['under its child', 'sub', 'leaf', 'SCOPE_CYCLE'],
    ['under its grandchild', 'ws', 'leaf', 'SCOPE_CYCLE'],
    ['the root', 'root', 'other', 'ROOT_SCOPE_IMMUTABLE'],
  ])('answers for %s', (_, scopeId, parentId, outcome) => {
    const plan = planMoveScope(by('will', tree()), { scopeId, parentId });
    expect(outcomeOf(plan)).toBe(outcome);
  });

  it('moves all that lies below along and rewrites none of it', () => {
    const move = { scopeId: 'sub', parentId: 'other' };
    const { after, events } = accepted(planMoveScope(by('will', tree()), move));
    expect(events).toHaveLength(1);
    expect(after.scope('sub')?.parentId).toBe('other');
    expect(after.scope('leaf')?.parentId).toBe('sub');
  });
});

describe('planChangeInheritance', () => {
  it.each([
    ['a scope', 'sub', 'ACCEPTED'],
    ['an unknown scope', 'none', 'NOT_FOUND'],
    ['the root', 'root', 'ROOT_SCOPE_IMMUTABLE'],
  ])('answers for %s', (_, scopeId, outcome) => {
    const plan = planChangeInheritance(by('will', tree()), { scopeId, inheritsAccess: false });
    expect(outcomeOf(plan)).toBe(outcome);
    if (plan.ok) expect(plan.after.scope(scopeId)?.inheritsAccess).toBe(false);
  });
});

describe('planDeleteScope', () => {
  it.each([
    ['an empty scope', 'leaf', false, 'ACCEPTED'],
    ['a scope with children', 'ws', false, 'SCOPE_NOT_EMPTY'],
    ['a scope with children, recursively', 'ws', true, 'ACCEPTED'],
    ['an unknown scope', 'none', false, 'NOT_FOUND'],
    ['the root', 'root', true, 'ROOT_SCOPE_IMMUTABLE'],
  ])('answers for %s', (_, scopeId, recursive, outcome) => {
    expect(outcomeOf(planDeleteScope(by('will', tree()), { scopeId, recursive }))).toBe(outcome);
  });

  it('ends assignments first and deletes children before their parents', () => {
    const tenant = tree()
      .role('reader', ['document:read'])
      .user('bob')
      .deny('bob', 'reader', 'sub', { id: 'deny' })
      .assign('bob', 'reader', 'sub', { id: 'grant' })
      .assign('bob', 'reader', 'other', { id: 'elsewhere' });
    const plan = planDeleteScope(byOperator(tenant), { scopeId: 'ws', recursive: true });
    const { after, events } = accepted(plan);
    expect(events).toEqual([
      { type: 'scope-deleted', scopeId: 'leaf' },
      { type: 'role-unassigned', assignmentId: 'grant' },
      { type: 'role-unassigned', assignmentId: 'deny' },
      { type: 'scope-deleted', scopeId: 'sub' },
      { type: 'scope-deleted', scopeId: 'ws' },
    ]);
    expect(after.assignmentsOf('bob').map(({ id }) => id)).toEqual(['elsewhere']);
  });

  it('is FORBIDDEN to whoever is shut out of a scope below', () => {
    const tenant = tree()
      .scope('private', { parentId: 'sub', inheritsAccess: false })
      .role('keeper', ['scope:write'])
      .user('kim')
      .assign('kim', 'keeper', 'ws');
    const plan = planDeleteScope(by('kim', tenant), { scopeId: 'ws', recursive: true });
    expect(plan).toMatchObject({
      rejection: { code: 'FORBIDDEN', details: { scopeId: 'private' } },
    });
  });
});
