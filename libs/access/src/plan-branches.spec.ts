import { accepted, by, byOperator, company, outcomeOf } from '../test/write-context.js';
import { planCreateScopes } from './plan-branches.js';

const folder = (id: string, parentId: string, inheritsAccess = true) => ({
  id,
  parentId,
  type: 'folder',
  inheritsAccess,
});
const tree = () => company().scope('ws').scope('sub', { parentId: 'ws' });

describe('planCreateScopes', () => {
  it('creates each scope after its parent, cut off or not', () => {
    const scopes = [folder('a', 'sub', false), folder('b', 'a', false), folder('c', 'ws')];
    const plan = accepted(planCreateScopes(by('will', tree()), { askedAt: ['sub', 'ws'], scopes }));
    expect(plan.events.map(({ type }) => type)).toEqual(Array(3).fill('scope-created'));
    expect(plan.after.childrenOf('a')).toEqual([scopes[1]]);
  });

  it('creates nothing where all is there', () => {
    const plan = planCreateScopes(by('will', tree()), { askedAt: ['sub'], scopes: [] });
    expect(accepted(plan).events).toEqual([]);
  });

  it.each([
    [
      'a parent that is neither there nor created',
      [folder('a', 'b'), folder('b', 'ws')],
      'NOT_FOUND',
    ],
    ['an id that a scope has', [folder('sub', 'ws')], 'ALREADY_EXISTS'],
    ['the same id twice', [folder('a', 'ws'), folder('a', 'ws')], 'ALREADY_EXISTS'],
    ['a type that is empty', [{ ...folder('a', 'ws'), type: '' }], 'INVALID_INPUT'],
  ])('refuses %s', (_what, scopes, outcome) => {
    expect(outcomeOf(planCreateScopes(byOperator(tree()), { askedAt: [], scopes }))).toBe(outcome);
  });

  it('takes 1,000 scopes in one call and no more', () => {
    const some = (count: number) =>
      Array.from({ length: count }, (_, index) => folder(`new-${index}`, 'ws'));
    const create = (count: number) =>
      outcomeOf(planCreateScopes(byOperator(tree()), { askedAt: [], scopes: some(count) }));
    expect([create(1000), create(1001)]).toEqual(['ACCEPTED', 'INVALID_INPUT']);
  });

  it('does not tell who may not write how far the branch is there already', () => {
    const tenant = tree().user('eve');
    const refusals = ['ws', 'sub'].map((id) =>
      planCreateScopes(by('eve', tenant), { askedAt: [id], scopes: [] }),
    );
    expect(refusals[0]).toMatchObject({ rejection: { code: 'FORBIDDEN' } });
    expect(refusals[0]).toEqual(refusals[1]);
  });
});
