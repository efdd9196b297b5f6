import fc from 'fast-check';
import { PersistentMap } from './persistent-map.js';

/** Pairs of equal FNV-1a hash, so that collisions are met and not only hoped for. */
const COLLIDING = ['costarring', 'liquid', 'declinate', 'macallums', 'altarage', 'zinke'];

const key = fc.oneof(
  fc.constantFrom(...COLLIDING),
  fc.nat({ max: 300 }).map((n) => `key-${n}`),
  fc.string(),
);
const change = fc.oneof(
  fc.record({ type: fc.constant('set' as const), key, value: fc.nat() }),
  fc.record({ type: fc.constant('delete' as const), key }),
);
type Change = { type: 'set'; key: string; value: number } | { type: 'delete'; key: string };

function changed(map: PersistentMap<number>, next: Change): PersistentMap<number> {
  return next.type === 'set' ? map.set(next.key, next.value) : map.delete(next.key);
}

function entries(map: PersistentMap<number>): [string, number][] {
  const all: [string, number][] = [];
  map.forEach((value, name) => all.push([name, value]));
  return all;
}

describe('PersistentMap', () => {
  it('holds what a Map holds after the same changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 400, size: 'max' }), (changes) => {
        const expected = new Map<string, number>();
        const seen = { map: [] as unknown[], expected: [] as unknown[] };
        let map = PersistentMap.empty<number>();
        for (const next of changes) {
          map = changed(map, next);
          if (next.type === 'set') expected.set(next.key, next.value);
          else expected.delete(next.key);
          seen.map.push([map.get(next.key), map.has(next.key), map.size]);
          seen.expected.push([expected.get(next.key), expected.has(next.key), expected.size]);
        }
        expect(seen.map).toEqual(seen.expected);
        expect(new Map(entries(map))).toEqual(expected);
        expect(map.keys()).toEqual(entries(map).map(([name]) => name));
        expect(map.values()).toEqual(entries(map).map(([, value]) => value));
        expect(map.keys().map((name) => map.get(name))).toEqual(map.values());
      }),
    );
  });

  it('never changes once made', () => {
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (earlier, later) => {
        const map = earlier.reduce(changed, PersistentMap.empty<number>());
        const before = entries(map);
        later.reduce(changed, map);
        expect(entries(map)).toEqual(before);
      }),
    );
  });

  it('iterates equally for equal contents, however they came about', () => {
    fc.assert(
      fc.property(fc.array(change, { size: 'max', maxLength: 300 }), (changes) => {
        const map = changes.reduce(changed, PersistentMap.empty<number>());
        const rebuilt = entries(map)
          .reverse()
          .reduce((made, [name, value]) => made.set(name, value), PersistentMap.empty<number>());
        expect(entries(rebuilt)).toEqual(entries(map));
        expect(entries(PersistentMap.from(new Map(entries(map))))).toEqual(entries(map));
      }),
    );
  });

  it('made at once changes like one made step by step', () => {
    fc.assert(
      fc.property(fc.array(change), fc.array(change), (earlier, later) => {
        const stepwise = earlier.reduce(changed, PersistentMap.empty<number>());
        const atOnce = PersistentMap.from(new Map(entries(stepwise)));
        expect(atOnce.size).toBe(stepwise.size);
        const [one, other] = [atOnce, stepwise].map((map) => later.reduce(changed, map));
        expect(entries(one!)).toEqual(entries(other!));
      }),
    );
  });

  it('tells keys of equal hash apart', () => {
    const map = COLLIDING.reduce(
      (made, name, i) => made.set(name, i),
      PersistentMap.empty<number>(),
    );
    expect(COLLIDING.map((name) => map.get(name))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(map.delete('liquid').get('costarring')).toBe(0);
    expect(map.delete('liquid').has('liquid')).toBe(false);
  });

  it('answers itself when nothing changes', () => {
    const map = PersistentMap.empty<number>().set('a', 1);
    expect(map.set('a', 1)).toBe(map);
    expect(map.delete('b')).toBe(map);
  });

  it('keeps a value of undefined apart from an absent key', () => {
    const map = PersistentMap.empty<undefined>().set('a', undefined);
    expect([map.has('a'), map.has('b')]).toEqual([true, false]);
  });
});
