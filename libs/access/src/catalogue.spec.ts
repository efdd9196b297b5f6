import fc from 'fast-check';
import { API_PERMISSIONS } from './api-permissions.js';
import { BUILT_IN_ROLES } from './built-in-roles.js';
import { refuseTypes, registered, type RegisteredType } from './catalogue.js';
import { LIMITS } from './limits.js';
import { SHIPPED_CATALOGUE } from './shipped-catalogue.js';

const typeOf = (type: string, ...verbs: string[]): RegisteredType => ({
  type,
  description: `Of ${type}`,
  verbs: verbs.map((name) => ({ name, description: '' })),
});
const names = fc.subarray(['a', 'b', 'c', 'd'], { minLength: 1 });
const types = fc
  .tuple(names, fc.infiniteStream(names))
  .map(([chosen, verbs]) => chosen.map((type) => typeOf(type, ...verbs.next().value)));

describe('the catalogue that ships in code', () => {
  const shipped = SHIPPED_CATALOGUE.flatMap(({ type, verbs }) =>
    verbs.map(({ name }) => `${type}:${name}`),
  );

  it('knows every permission that the APIs ask for', () => {
    expect(shipped).toEqual(expect.arrayContaining([...API_PERMISSIONS]));
  });

  it('knows every permission of the built-in roles, and nothing else beside', () => {
    const inRoles = Object.values(BUILT_IN_ROLES)
      .flatMap(({ permissions }) => permissions)
      .filter((permission) => permission !== '*');
    const known = [...shipped, ...SHIPPED_CATALOGUE.map(({ type }) => `${type}:*`)];
    expect(inRoles.filter((permission) => !known.includes(permission))).toEqual([]);
    const other = shipped.filter((each) => !(API_PERMISSIONS as readonly string[]).includes(each));
    const contentTypes = new Set(other.map((permission) => permission.split(':')[0]));
    expect([...contentTypes]).toEqual(['workspace', 'folder', 'assistant', 'document']);
  });

  it('could be registered', () => {
    expect(refuseTypes(SHIPPED_CATALOGUE)).toBeUndefined();
  });
});

describe('refuseTypes', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => `n${n}`);

  it.each([
    ['nothing', [], undefined],
    ['a type twice', [typeOf('a', 'x'), typeOf('a', 'y')], 'INVALID_INPUT'],
    ['a verb twice', [typeOf('a', 'x', 'x')], 'INVALID_INPUT'],
    ['a type without verbs', [typeOf('a')], 'INVALID_INPUT'],
    [
      'too many types',
      many(LIMITS.typesPerService + 1).map((n) => typeOf(n, 'x')),
      'INVALID_INPUT',
    ],
    ['too many verbs', [typeOf('a', ...many(LIMITS.verbsPerType + 1))], 'INVALID_INPUT'],
  ])('answers for %s', (_, given, code) => {
    expect(refuseTypes(given)?.rejection.code).toBe(code);
  });
});

describe('registering again', () => {
  const story = fc.record({
    first: types,
    second: types,
    used: fc.uniqueArray(
      fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('a', 'b', 'c', 'd', '*')),
    ),
  });
  const everything = (): boolean => true;

  it('keeps what is registered, and of what is not, deprecated, what is used alone', () => {
    fc.assert(
      fc.property(story, ({ first, second, used }) => {
        const isUsed = (permission: string): boolean =>
          used.some(([type, verb]) => permission === `${type}:${verb}`);
        const entries = registered(registered([], first, isUsed), second, isUsed);
        const listed = (all: readonly RegisteredType[]) =>
          new Set(all.flatMap(({ type, verbs }) => verbs.map(({ name }) => `${type}:${name}`)));
        const [before, now] = [listed(first), listed(second)];
        for (const { type, verbs, deprecated } of entries) {
          expect(deprecated).toBe(second.every((one) => one.type !== type));
          for (const { name, deprecated: isOld } of verbs) {
            expect(isOld).toBe(!now.has(`${type}:${name}`));
          }
        }
        const expected = [...now, ...[...before].filter(isUsed)];
        expect(listed(entries)).toEqual(new Set(expected));
        const keptByWildcard = first.filter(({ type }) => isUsed(`${type}:*`));
        expect(entries.map(({ type }) => type)).toEqual(
          expect.arrayContaining(keptByWildcard.map(({ type }) => type)),
        );
      }),
    );
  });

  it('the same is the same again', () => {
    fc.assert(
      fc.property(story, ({ first, second }) => {
        const entries = registered(registered([], first, everything), second, everything);
        expect(registered(entries, [...second].reverse(), everything)).toEqual(entries);
      }),
    );
  });
});
