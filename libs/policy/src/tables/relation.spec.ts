import fc from 'fast-check';
import { expectSpread } from '../../test/expect-spread.js';
import { twoOfOneHash } from '../../test/of-one-hash.js';
import { hashOfIds, Relation } from './relation.js';

const COLUMNS = { fieldCount: 3, keyCount: 3 };
const INDEXES = [[0], [0, 2]];

type Row = readonly [number, number, number];

interface Change {
  readonly type: 'add' | 'remove';
  readonly row: Row;
}

// Few keys, so that many rows share one; and now and then many, so that pages are split.
const few = fc.integer({ min: 1, max: 4 });
const row = fc.oneof(
  fc.tuple(few, few, few),
  fc.tuple(few, fc.integer({ min: 1, max: 3_000 }), few),
);
const change: fc.Arbitrary<Change> = fc.record({
  type: fc.constantFrom('add' as const, 'add' as const, 'remove' as const),
  row,
});

function apply(relation: Relation, changes: readonly Change[]): void {
  for (const { type, row: ids } of changes) {
    if (type === 'add') relation.add(Int32Array.from(ids));
    else relation.remove(Int32Array.from(ids));
  }
}

function applyToSet(rows: ReadonlySet<string>, changes: readonly Change[]): Set<string> {
  const next = new Set(rows);
  for (const { type, row: ids } of changes) {
    if (type === 'add') next.add(ids.join());
    else next.delete(ids.join());
  }
  return next;
}

function rowsOf(relation: Relation): string[] {
  const rows: string[] = [];
  relation.someRow((at) => {
    rows.push(textOf(relation, at));
    return false;
  });
  return rows.sort();
}

function textOf(relation: Relation, at: number): string {
  return [0, 1, 2].map((field) => relation.field(at, field)).join();
}

function rowsBy(relation: Relation, index: number, key: readonly number[]): string[] {
  const by = relation.indexes[index]!;
  const rows: string[] = [];
  for (let at = relation.first(by, Int32Array.from(key)); at !== 0; at = relation.next(by, at)) {
    rows.push(textOf(relation, at));
  }
  return rows.sort();
}

/** Everything a relation answers is what filtering the set answers. */
function expectEqual(relation: Relation, expected: ReadonlySet<string>): void {
  expect(relation.size).toBe(expected.size);
  expect(rowsOf(relation)).toEqual([...expected].sort());
  const rows = [...expected].map((text) => text.split(',').map(Number));
  for (let a = 0; a <= 5; a++) {
    const ofA = rows.filter(([first]) => first === a);
    expect(rowsBy(relation, 0, [a])).toEqual(ofA.map((each) => each.join()).sort());
    for (let c = 0; c <= 5; c++) {
      const ofBoth = ofA.filter(([, , third]) => third === c);
      expect(rowsBy(relation, 1, [a, c])).toEqual(ofBoth.map((each) => each.join()).sort());
    }
  }
  for (const ids of rows) {
    expect(textOf(relation, relation.find(Int32Array.from(ids)))).toBe(ids.join());
  }
}

describe('a relation', () => {
  it('holds and finds what a set of rows holds after the same changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 1_500, size: 'max' }), (changes) => {
        const relation = Relation.empty(COLUMNS, INDEXES, 1);
        apply(relation, changes);
        expectEqual(relation, applyToSet(new Set(), changes));
      }),
      { numRuns: 30 },
    );
  });

  it('stays as it was while versions made from it change', () => {
    const changes = fc.array(change, { maxLength: 400, size: 'max' });
    fc.assert(
      fc.property(fc.array(changes, { minLength: 2, maxLength: 5 }), (steps) => {
        const first = Relation.empty(COLUMNS, INDEXES, 1);
        apply(first, steps[0]!);
        const versions = [{ relation: first, rows: applyToSet(new Set(), steps[0]!) }];
        steps.slice(1).forEach((step, i) => {
          // Every other version is made from the same one before: two futures of one past.
          const { relation, rows } = versions[i - (i % 2)]!;
          const next = relation.fork(i + 2);
          apply(next, step);
          versions.push({ relation: next, rows: applyToSet(rows, step) });
        });
        for (const { relation, rows } of versions) expectEqual(relation, rows);
      }),
      { numRuns: 30 },
    );
  });

  it('takes the places of removed rows again', () => {
    const relation = Relation.empty(COLUMNS, INDEXES, 1);
    for (let round = 0; round < 50; round++) {
      for (let n = 1; n <= 200; n++) relation.add(Int32Array.of(n, round + 1, 1));
      for (let n = 1; n <= 200; n++) relation.remove(Int32Array.of(n, round + 1, 1));
    }
    expect(relation.size).toBe(0);
    relation.add(Int32Array.of(1, 1, 1));
    expect(relation.find(Int32Array.of(1, 1, 1))).toBeLessThanOrEqual(200);
  });

  it('keeps rows apart whose keys have one hash', () => {
    const idsOf = (n: number) => Int32Array.of(1 + n, Math.imul(n, 0x9e3779b1));
    const [one, other] = twoOfOneHash((n) => hashOfIds(idsOf(n), 2)).map(idsOf);
    const relation = Relation.empty({ fieldCount: 2, keyCount: 2 }, [[0, 1]], 1);
    const [index] = relation.indexes;
    const expectRows = (...expected: readonly number[]) => {
      expect([one!, other!].map((ids) => relation.find(ids))).toEqual(expected);
      expect([one!, other!].map((ids) => relation.first(index!, ids))).toEqual(expected);
    };
    relation.add(one!);
    expectRows(1, 0);
    relation.add(other!);
    expectRows(1, 2);
    relation.remove(one!);
    expectRows(0, 2);
    relation.add(one!);
    relation.remove(other!);
    expectRows(1, 0);
    const wider = Relation.empty(COLUMNS, [[0, 1]], 1);
    for (const row of [
      [...one!, 1],
      [...other!, 1],
      [...other!, 2],
    ]) {
      wider.add(Int32Array.from(row));
    }
    expect(rowsBy(wider, 0, [...one!])).toHaveLength(1);
    expect(rowsBy(wider, 0, [...other!])).toHaveLength(2);
  });

  it('replaces the row of a key, where the key is not all of the row', () => {
    const relation = Relation.empty({ fieldCount: 3, keyCount: 1 }, INDEXES, 1);
    relation.put(Int32Array.of(1, 2, 3));
    relation.put(Int32Array.of(1, 4, 5));
    expect(rowsOf(relation)).toEqual(['1,4,5']);
    relation.add(Int32Array.of(1, 6, 7));
    relation.remove(Int32Array.of(2, 4, 5));
    expect(rowsOf(relation)).toEqual(['1,4,5']);
    relation.remove(Int32Array.of(1, 0, 0));
    expect(rowsOf(relation)).toEqual([]);
  });

  it('knows whether more rows than so many share a key', () => {
    const relation = Relation.empty(COLUMNS, INDEXES, 1);
    for (let n = 1; n <= 3; n++) relation.add(Int32Array.of(1, n, 1));
    const [index] = relation.indexes;
    const first = relation.first(index!, Int32Array.of(1));
    expect([2, 3, 4].map((count) => relation.hasMoreThan(count, index!, first))).toEqual([
      ...[true, false, false],
    ]);
    expect(relation.hasMoreThan(0, index!, relation.first(index!, Int32Array.of(2)))).toBe(false);
  });

  it('visits rows until it is told to stop', () => {
    const relation = Relation.empty(COLUMNS, INDEXES, 1);
    for (let n = 1; n <= 3; n++) relation.add(Int32Array.of(1, n, 1));
    let visited = 0;
    expect(relation.someRow(() => ++visited === 2)).toBe(true);
    expect(visited).toBe(2);
    expect(relation.someRow(() => false)).toBe(false);
  });

  it('takes memory for its rows and for each index', () => {
    const filled = (indexes: readonly (readonly number[])[]) => {
      const relation = Relation.empty(COLUMNS, indexes, 1);
      for (let n = 1; n <= 10_000; n++) relation.add(Int32Array.of(n, n, n));
      return relation.bytes / 10_000;
    };
    const [none, two] = [filled([]), filled(INDEXES)];
    expect(none).toBeGreaterThan(3 * 4 + 8);
    expect(none).toBeLessThan(3 * 4 + 32);
    expect(two - none).toBeGreaterThan(2 * (2 * 4 + 8));
    expect(two - none).toBeLessThan(2 * (2 * 4 + 32));
  });

  it.each([
    ['one after the other', (n: number) => [n + 1]],
    ['far apart', (n: number) => [n * 4096]],
    ['pairs', (n: number) => [1 + (n >> 7), 1 + (n & 127)]],
  ])('finds ids by hashes that are far from each other: %s', (_, idsOf) =>
    expectSpread((n) => hashOfIds(Int32Array.from(idsOf(n)), idsOf(n).length)),
  );
});
