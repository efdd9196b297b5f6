import fc from 'fast-check';
import { Reached, roleIndexes } from './reached.js';
import { Relation } from './relation.js';

type Link = readonly [member: number, role: number, domain: number];

function relationOf(links: readonly Link[]): Relation {
  const relation = Relation.empty({ fieldCount: 3, keyCount: 3 }, roleIndexes(true), 1);
  for (const link of links) relation.add(Int32Array.from(link));
  return relation;
}

/** What is reached, by adding what is one step away until nothing is new. */
function reachedNaively(links: readonly Link[], from: number, domain: number): Set<number> {
  const found = new Set([from]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [member, role, within] of links) {
      if (within === domain && found.has(member) && role % 7 !== 0) found.add(role);
    }
  }
  return found;
}

function allOf(reached: Reached): number[] {
  const ids: number[] = [];
  for (let n = 0, id = reached.at(0); id !== -1 && n < 2_000; id = reached.at(++n)) ids.push(id);
  return ids;
}

const mayEnter = (id: number) => id % 7 !== 0;
const names = [6, 40, 400].map((max) => {
  const id = fc.integer({ min: 1, max });
  const domain = fc.integer({ min: 1, max: 2 });
  return fc.array(fc.tuple(id, id, domain), { maxLength: 2 * max, size: 'max' });
});
const walks = fc.array(
  fc.record({
    links: fc.oneof(...names),
    from: fc.integer({ min: 1, max: 12 }),
    domain: fc.integer({ min: 1, max: 3 }),
    asked: fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 10 }),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('what is reached', () => {
  it('is each name once that links lead to, walk after walk', () => {
    fc.assert(
      fc.property(walks, (all) => {
        const reached = new Reached(mayEnter);
        for (const { links, from, domain, asked } of all) {
          const expected = reachedNaively(links, from, domain);
          reached.start(relationOf(links), from, domain);
          // Asked before the walk has come to its end, and after.
          for (const id of asked) expect(reached.has(id)).toBe(expected.has(id));
          const ids = allOf(reached);
          expect(ids[0]).toBe(from);
          expect([...ids].sort((a, b) => a - b)).toEqual([...expected].sort((a, b) => a - b));
          for (const id of asked) expect(reached.has(id)).toBe(expected.has(id));
          expect(reached.at(ids.length + 5)).toBe(-1);
        }
      }),
    );
  });

  it('may be a long chain, and a circle', () => {
    const chain = Array.from({ length: 1_000 }, (_, n): Link => [n + 1, n + 2, 1]);
    const reached = new Reached();
    reached.start(relationOf([...chain, [1_001, 1, 1]]), 1, 1);
    expect(allOf(reached)).toEqual(Array.from({ length: 1_001 }, (_, n) => n + 1));
    for (let id = 1; id <= 1_001; id++) expect(reached.has(id)).toBe(true);
    expect(reached.has(1_002)).toBe(false);
  });

  it('is nothing that an earlier walk has reached', () => {
    const chain = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n): Link => [from + n, from + n + 1, 1]);
    for (const length of [5, 12, 13, 14, 31, 32, 33]) {
      const reached = new Reached();
      reached.start(relationOf(chain(1, 100)), 1, 1);
      expect(allOf(reached)).toHaveLength(100);
      reached.start(relationOf(chain(201, 200 + length)), 201, 1);
      expect(allOf(reached)).toHaveLength(length);
      for (let id = 1; id <= 100; id++) expect(reached.has(id)).toBe(false);
    }
  });

  it('ends, however many short walks there were before', () => {
    const reached = new Reached();
    for (let walk = 0; walk < 100; walk++) {
      const from = 20 * walk + 1;
      const links = Array.from({ length: 11 }, (_, n): Link => [from + n, from + n + 1, 1]);
      reached.start(relationOf(links), from, 1);
      expect(allOf(reached)).toHaveLength(12);
    }
  });

  it('goes only as far as it is asked to', () => {
    const entered: number[] = [];
    const reached = new Reached((id) => entered.push(id) > 0);
    reached.start(
      relationOf([
        [1, 2, 1],
        [2, 3, 1],
        [3, 4, 1],
      ]),
      1,
      1,
    );
    expect([reached.at(0), entered]).toEqual([1, []]);
    expect([reached.has(1), entered]).toEqual([true, []]);
    expect([reached.has(2), entered]).toEqual([true, [2]]);
    expect([reached.at(2), entered]).toEqual([3, [2, 3]]);
  });

  it('is nothing but the name itself where nothing has that name', () => {
    const reached = new Reached();
    reached.start(relationOf([[1, 2, 1]]), 0, 1);
    expect(allOf(reached)).toEqual([0]);
    expect(reached.has(2)).toBe(false);
  });

  it('lets go of what was walked', () => {
    const reached = new Reached();
    reached.start(relationOf([[1, 2, 1]]), 1, 1);
    reached.release();
    expect(() => reached.at(1)).toThrow(TypeError);
  });
});
