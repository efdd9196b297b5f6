import fc from 'fast-check';
import { pageOf } from './page-of.js';

const sortedIds = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'Z', 'ä'))
  .map((ids) => ids.sort());

describe('pageOf', () => {
  it('gives the whole list, page by page', () => {
    fc.assert(
      fc.property(sortedIds, fc.integer({ min: 1, max: 4 }), (ids, limit) => {
        const pages: (readonly string[])[] = [];
        let after: string | null = null;
        do {
          const page = pageOf(ids, { after, limit });
          pages.push(page.ids);
          after = page.next;
        } while (after !== null);
        expect(pages.flat()).toEqual(ids);
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      }),
    );
  });

  it('goes on after an id that is not in the list', () => {
    expect(pageOf(['a', 'c', 'd', 'e'], { after: 'b', limit: 2 })).toEqual({
      ids: ['c', 'd'],
      next: 'd',
    });
  });

  it('is empty after the last id', () => {
    expect(pageOf(['a', 'b'], { after: 'b', limit: 2 })).toEqual({ ids: [], next: null });
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity])('refuses the limit %p', (limit) => {
    expect(() => pageOf(['a'], { after: null, limit })).toThrow(RangeError);
  });
});
