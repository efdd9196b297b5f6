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
});
