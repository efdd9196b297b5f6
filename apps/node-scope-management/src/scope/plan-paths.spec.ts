import { missingAlong } from './plan-paths.js';

const missing = (paths: string[][], found: string[][], types: string[] = []) => {
  let count = 0;
  return missingAlong(paths, found, 'root', types, () => `new-${(count += 1)}`);
};

describe('missingAlong', () => {
  it('creates what is shared once, parents first', () => {
    const { scopes, askedAt } = missing(
      [
        ['a', 'b', 'c'],
        ['a', 'b', 'd'],
        ['a', 'x'],
      ],
      [['id-a'], ['id-a'], ['id-a']],
    );
    expect(askedAt).toEqual(['id-a']);
    expect(scopes.map(({ id, parentId, name }) => [name, id, parentId])).toEqual([
      ['b', 'new-1', 'id-a'],
      ['c', 'new-2', 'new-1'],
      ['d', 'new-3', 'new-1'],
      ['x', 'new-4', 'id-a'],
    ]);
  });

  it('creates nothing along what is there, and asks there all the same', () => {
    expect(missing([['a', 'b']], [['id-a', 'id-b']])).toEqual({ askedAt: ['id-b'], scopes: [] });
  });

  it('tells names apart that are the same below other parents', () => {
    const { scopes } = missing(
      [
        ['a', 'a'],
        ['b', 'a'],
      ],
      [[], []],
    );
    expect(scopes).toHaveLength(4);
  });

  it.each([
    [[], ['folder', 'folder', 'folder']],
    [['workspace'], ['workspace', 'workspace', 'workspace']],
    [
      ['workspace', 'folder'],
      ['workspace', 'folder', 'folder'],
    ],
  ])('gives types %j by level', (types, expected) => {
    const { scopes } = missing([['a', 'b', 'c']], [[]], types);
    expect(scopes.map(({ type }) => type)).toEqual(expected);
  });
});
