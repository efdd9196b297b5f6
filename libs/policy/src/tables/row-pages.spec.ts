import fc from 'fast-check';
import { RowPages } from './row-pages.js';

describe('row pages', () => {
  it('know what their pages take', () => {
    fc.assert(
      fc.property(fc.nat({ max: 700 }), fc.integer({ min: 2, max: 20 }), (count, width) => {
        const rows = RowPages.empty(width, 1);
        const pages = new Set([rows.pageOf(1)]);
        for (let n = 0; n < count; n++) rows.append();
        if (count > 0) pages.clear();
        for (let row = 1; row <= count; row++) pages.add(rows.pageOf(row));
        const bytes = [...pages].reduce((sum, page) => sum + page.byteLength + 200, 0);
        expect(rows.bytes).toBe(bytes);
        expect(rows.fork(2).bytes).toBe(bytes);
      }),
    );
  });

  it('hold what was written into them, version by version', () => {
    const write = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.nat({ max: 2 }), fc.integer());
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.array(write),
        fc.array(write),
        (count, ...writes) => {
          const first = RowPages.empty(3, 1);
          const rows = Array.from({ length: count }, () => first.append());
          expect(rows).toEqual(Array.from({ length: count }, (_, n) => n + 1));
          expect(first.count).toBe(count);
          const expected = new Map<string, number>();
          const [before, after] = writes.map((all) => all.filter(([row]) => row <= count));
          const write = (pages: RowPages, values: Map<string, number>, all: typeof before) => {
            for (const [row, column, value] of all!) {
              pages.set(row, column, value);
              values.set(`${row},${column}`, value | 0);
            }
          };
          write(first, expected, before);
          const next = first.fork(2);
          const expectedNext = new Map(expected);
          write(next, expectedNext, after);
          const added = next.append();
          expect(added).toBe(count + 1);
          next.set(added, 2, 7);
          for (const [pages, values] of [
            [first, expected],
            [next, expectedNext],
          ] as const) {
            const places = rows.flatMap((row) => [0, 1, 2].map((column) => [row, column] as const));
            expect(places.map(([row, column]) => pages.get(row, column))).toEqual(
              places.map((place) => values.get(place.join()) ?? 0),
            );
          }
          expect([0, 1, 2].map((column) => next.get(added, column))).toEqual([0, 0, 7]);
        },
      ),
    );
  });

  it('are small where they hold little, and shared until they are written to', () => {
    const rows = RowPages.empty(2, 1);
    for (let n = 0; n < 8; n++) rows.append();
    expect(rows.pageOf(1)).toHaveLength(1 + 8 * 2);
    for (let n = 0; n < 300; n++) rows.append();
    const next = rows.fork(2);
    next.set(1, 0, 7);
    const copy = next.pageOf(1);
    next.set(2, 0, 8);
    expect(next.pageOf(1)).toBe(copy);
    expect(copy).not.toBe(rows.pageOf(1));
    expect(next.pageOf(300)).toBe(rows.pageOf(300));
  });
});
