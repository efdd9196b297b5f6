import fc from 'fast-check';
import { bytesOfPage, PageList } from './page-list.js';

const pages = Array.from({ length: 200 }, (_, n) => Int32Array.of(n));
const allOf = (list: PageList, count: number) =>
  Array.from({ length: count }, (_, number) => list.get(number));

describe('a list of pages', () => {
  it('keeps its pages while the lists made from it change theirs', () => {
    const change = fc.tuple(fc.nat({ max: 199 }), fc.constantFrom(...pages));
    fc.assert(
      fc.property(fc.array(fc.array(change), { maxLength: 4 }), (versions) => {
        let list = PageList.of(pages);
        let expected = pages;
        for (const changes of versions) {
          const [next, expectedNext] = [list.fork(), [...expected]];
          for (const [number, page] of changes) {
            next.set(number, page);
            expectedNext[number] = page;
          }
          expect(allOf(list, 200)).toEqual(expected);
          expect(allOf(next, 200)).toEqual(expectedNext);
          [list, expected] = [next, expectedNext];
        }
      }),
    );
  });

  it('is doubled into one with every page twice in a row', () => {
    const doubled = PageList.of(pages.slice(0, 100)).doubled();
    expect(allOf(doubled, 200)).toEqual(pages.slice(0, 100).flatMap((page) => [page, page]));
  });

  it('counts for a page its ints and what there is to say about it', () => {
    expect(bytesOfPage(new Int32Array(10))).toBe(240);
  });
});
