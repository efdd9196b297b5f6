import fc from 'fast-check';
import { askedPermissions } from './asked-permissions.js';
import { MAX_REMEMBERED, PermissionHolders } from './permission-holders.js';

const pattern = fc.constantFrom('a:x', 'a:y', 'b:x', 'a:*', 'b:*', '*', 'broken', 'a:', ':x');
const asked = fc.constantFrom('a:x', 'a:y', 'a:z', 'b:x', 'b:z', 'c:x', 'a:*', 'b:*', 'c:*', '*');

describe('the holders of a permission', () => {
  it('are the roles that contain it, and those that contain any of it', () => {
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(pattern)), fc.array(asked), (roles, questions) => {
        const sets = roles.map((permissions, id) => [id, new Set(permissions)] as const);
        const holders = new PermissionHolders(sets);
        // Twice: the second time from what is remembered.
        for (const permission of [...questions, ...questions]) {
          const question = askedPermissions(permission);
          const ids = (holds: (permissions: ReadonlySet<string>) => boolean): number[] =>
            sets.filter(([, permissions]) => holds(permissions)).map(([id]) => id);
          const { whole, part } = holders.of(permission);
          expect([...whole].sort()).toEqual(ids((held) => question.containedIn(held)));
          expect([...part].sort()).toEqual(ids((held) => question.touchedBy(held)));
        }
      }),
    );
  });

  it('are remembered once for all permissions that no role names', () => {
    const holders = new PermissionHolders([
      [1, new Set(['a:*', 'b:x'])],
      [2, new Set(['*'])],
    ]);
    expect(holders.of('a:one')).toBe(holders.of('a:other'));
    expect(holders.of('b:one')).toBe(holders.of('c:other'));
    expect(holders.of('c:*')).toBe(holders.of('d:*'));
    expect([...holders.of('a:one').whole].sort()).toEqual([1, 2]);
    expect([...holders.of('b:one').whole]).toEqual([2]);
  });

  it('are remembered for each permission that a role names', () => {
    const holders = new PermissionHolders([[1, new Set(['a:x', 'a:y', 'b:*'])]]);
    const asked = ['a:x', 'a:y', 'a:*', 'b:*', '*'];
    const first = asked.map((permission) => holders.of(permission));
    asked.forEach((permission, n) => expect(holders.of(permission)).toBe(first[n]));
  });

  it('are not remembered for any number of permissions at once', () => {
    const named = Array.from({ length: MAX_REMEMBERED + 1 }, (_, n) => `a:v${n}`);
    const holders = new PermissionHolders([[1, new Set(named)]]);
    const first = holders.of(named[0]!);
    expect(holders.of(named[0]!)).toBe(first);
    for (const permission of named) holders.of(permission);
    expect(holders.of(named[0]!)).not.toBe(first);
    expect(holders.of(named[0]!)).toEqual(first);
  });
});
