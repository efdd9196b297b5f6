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

/** Of its pages, each once, and of its directory, found by asking for every leading bit there is. */
function bytesOf(table: HashPages): number {
  const found = Array.from({ length: 1 << 12 }, (_, bits) => table.pageFor(bits << 20));
  const pages = new Set(found);
  const depth = Math.max(1, ...[...pages].map((page) => page[1]!));
  const ofPages = [...pages].reduce((sum, page) => sum + page.byteLength + 200, 0);
  return ofPages + 8 * 2 ** depth;
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
        expect(valuesOf(table, 0x1234567)).toEqual(expected.get(0x1234567) ?? []);
      }),
      { numRuns: 200 },
    );
  });

  it('hold any number of entries of one hash', () => {
    const table = HashPages.empty(1, 16);
    for (let value = 1; value <= 900; value++) table.insert(7, value);
    expect(valuesOf(table, 7)).toHaveLength(900);
  });
});
