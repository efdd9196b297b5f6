import fc from 'fast-check';
import { firstSlot, HashPages, seek, valueAt } from './hash-pages.js';

/** Hashes that fall together in every way: equal, of one page, of one slot. */
const hash = fc.oneof(
  fc.constantFrom(0, -1, 1, 0x7fffffff, -0x80000000),
  fc.nat({ max: 40 }),
  fc.nat({ max: 40 }).map((n) => n << 26),
  fc.integer(),
);

function valuesOf(table: HashPages, of: number): number[] {
  const page = table.pageFor(of);
  const values: number[] = [];
  let slot = seek(page, of, firstSlot(page, of));
  while (slot >= 0 && values.length < 1_000) {
    if (values.includes(valueAt(page, slot))) break;
    values.push(valueAt(page, slot));
    slot = seek(page, of, slot + 1);
  }
  return values.sort((a, b) => a - b);
}

/** Each once, found by asking for every leading bit there is. */
function pagesOf(table: HashPages): Int32Array[] {
  return [...new Set(Array.from({ length: 1 << 12 }, (_, bits) => table.pageFor(bits << 20)))];
}

/** Of its pages, each once, and of its directory. */
function bytesOf(table: HashPages): number {
  const pages = pagesOf(table);
  const depth = Math.max(1, ...pages.map((page) => page[1]!));
  const ofPages = pages.reduce((sum, page) => sum + page.byteLength + 200, 0);
  return ofPages + 8 * 2 ** depth;
}

/** How many of the slots of a page are taken, and how many there are. */
function loadOf(page: Int32Array): { entries: number; slots: number } {
  const slots = (page.length - 4) / 2;
  const values = Array.from({ length: slots }, (_, slot) => valueAt(page, slot));
  return { entries: values.filter((value) => value !== 0).length, slots };
}

describe('hash pages', () => {
  it('hold what a multimap holds after the same insertions, replacements and removals', () => {
    const step = fc.record({
      hash,
      type: fc.constantFrom('insert', 'insert', 'replace', 'remove'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600, size: 'max' }), (steps) => {
        const table = HashPages.empty(1, 16);
        const expected = new Map<number, number[]>();
        steps.forEach(({ hash: of, type }, n) => {
          const values = expected.get(of) ?? [];
          const last = values.at(-1);
          if (type === 'insert') {
            table.insert(of, n + 1);
            expected.set(of, [...values, n + 1]);
          } else if (last !== undefined && type === 'replace') {
            table.replace(of, last, n + 1);
            expected.set(of, [...values.slice(0, -1), n + 1]);
          } else if (last !== undefined) {
            table.remove(of, last);
            expected.set(of, values.slice(0, -1));
          }
        });
        for (const [of, values] of expected) expect(valuesOf(table, of)).toEqual(values);
        expect(table.bytes).toBe(bytesOf(table));
        for (const page of pagesOf(table)) {
          const { entries, slots } = loadOf(page);
          expect(page[2]).toBe(entries);
          expect(entries * 4).toBeLessThanOrEqual(slots * 3);
        }
        expect(valuesOf(table, 0x1234567)).toEqual(expected.get(0x1234567) ?? []);
      }),
      { numRuns: 200 },
    );
  });

  it('hold any number of entries of one hash, in memory for the entries alone', () => {
    const table = HashPages.empty(1, 16);
    for (let value = 1; value <= 900; value++) table.insert(7, value);
    expect(valuesOf(table, 7)).toHaveLength(900);
    expect(table.bytes).toBeLessThan(900 * 48);
  });

  it('are split where the directory is finer than they are, however many entries one hash has', () => {
    const table = HashPages.empty(1, 16);
    for (let value = 1; value <= 900; value++) table.insert(7, value);
    const depth = Math.max(...pagesOf(table).map((page) => page[1]!));
    const others = Array.from({ length: 64 }, (_, n) => (1 << 31) | (n << 25));
    others.forEach((of, n) => table.insert(of, 1_001 + n));
    const slots = others.map((of) => loadOf(table.pageFor(of)).slots);
    expect(new Set(slots)).toEqual(new Set([16]));
    expect(Math.max(...pagesOf(table).map((page) => page[1]!))).toBe(depth);
  });

  it('have sixteen slots for an entry at the most, those there are and not those there were', () => {
    const deep = (table: HashPages) => {
      // One page after the other is full of these, and no split parts them.
      for (let value = 1; value <= 13; value++) table.insert(7, value);
      return 2 ** Math.max(...pagesOf(table).map((page) => page[1]!));
    };
    const withOthers = (count: number) => {
      const table = HashPages.empty(1, 16);
      for (let n = 1; n <= count; n++) table.insert(-1, 100 + n);
      return table;
    };
    expect(deep(withOthers(0))).toBe(8);
    expect(deep(withOthers(3))).toBe(8);
    expect(deep(withOthers(4))).toBe(16);
    const emptied = withOthers(0);
    for (let n = 1; n <= 1_000; n++) {
      emptied.insert(-1, n);
      emptied.remove(-1, n);
    }
    expect(deep(emptied)).toBe(8);
  });

  it('are small, or split when they would have more slots than they may', () => {
    const table = HashPages.empty(1, 16);
    expect(pagesOf(table).map((page) => loadOf(page).slots)).toEqual([8]);
    for (let n = 1; n <= 1_000; n++) table.insert(Math.imul(n, 0x9e3779b1), n);
    const slots = pagesOf(table).map((page) => loadOf(page).slots);
    expect(new Set(slots)).toEqual(new Set([16]));
    expect(slots.length).toBeGreaterThanOrEqual(1_000 / 12);
    expect(table.bytes).toBeLessThan(1_000 * 64);
  });

  it('are copied once for all changes of a version, and never where it changes nothing', () => {
    const table = HashPages.empty(1, 16);
    for (let n = 1; n <= 100; n++) table.insert(n << 24, n);
    const next = table.fork(2);
    next.insert(1 << 24, 101);
    const copy = next.pageFor(1 << 24);
    next.replace(1 << 24, 101, 102);
    next.remove(1 << 24, 102);
    expect(next.pageFor(1 << 24)).toBe(copy);
    const shared = pagesOf(next).filter((page) => pagesOf(table).includes(page));
    expect(shared).toHaveLength(pagesOf(table).length - 1);
    expect(next.bytes).toBe(table.bytes);
  });
});
