import { buildSnapshot } from '@bastion/policy';
import { tenantFacts } from '@bastion/testing';
import { ancestorsOf, cutsBelow, liesWithin, subtreeBottomUp } from './scope-tree.js';

/** root > ws > sub > leaf, root > ws > cut > within > cut-again. */
const facts = tenantFacts()
  .scope('ws')
  .scope('sub', { parentId: 'ws' })
  .scope('leaf', { parentId: 'sub' })
  .scope('cut', { parentId: 'ws', inheritsAccess: false })
  .scope('within', { parentId: 'cut' })
  .scope('cut-again', { parentId: 'within', inheritsAccess: false })
  .facts();
const tree = buildSnapshot(facts);

describe('the scope tree', () => {
  it('knows what is above a scope, nearest first', () => {
    expect([...ancestorsOf(tree, 'leaf')].map(({ id }) => id)).toEqual(['sub', 'ws', 'root']);
    expect([...ancestorsOf(tree, 'root')]).toEqual([]);
    expect([...ancestorsOf(tree, 'none')]).toEqual([]);
  });

  it.each([
    ['leaf', 'ws', true],
    ['leaf', 'leaf', true],
    ['ws', 'leaf', false],
    ['leaf', 'cut', false],
    ['none', 'none', false],
  ])('%s lies within %s: %s', (scopeId, aboveId, expected) => {
    expect(liesWithin(tree, scopeId, aboveId)).toBe(expected);
  });

  it('lists a subtree with children before their parents', () => {
    const ids = subtreeBottomUp(tree, tree.scope('ws')!).map(({ id }) => id);
    for (const { id, parentId } of facts.scopes) {
      if (parentId !== null && parentId !== 'root') {
        expect(ids.indexOf(id)).toBeLessThan(ids.indexOf(parentId));
      }
    }
    expect([...ids].sort()).toEqual(['cut', 'cut-again', 'leaf', 'sub', 'within', 'ws']);
  });

  it('finds the nearest cuts below a scope', () => {
    expect([...cutsBelow(tree, 'root')]).toEqual(['cut']);
    expect([...cutsBelow(tree, 'cut')]).toEqual(['cut-again']);
  });

  it('comes to an end in a cycle, though no plan lets one in', () => {
    const scopes = facts.scopes.map((scope) =>
      scope.id === 'ws' ? { ...scope, parentId: 'leaf' } : scope,
    );
    const damaged = buildSnapshot({ ...facts, scopes });
    expect([...ancestorsOf(damaged, 'ws')].map(({ id }) => id)).toEqual(['leaf', 'sub']);
    expect(subtreeBottomUp(damaged, damaged.scope('sub')!)).toHaveLength(6);
  });
});
