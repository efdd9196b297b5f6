import { bytesOfPage, PageList } from './page-list.js';

/**
 * Records of equally many ints, numbered from 1, in pages that versions share until one of them
 * writes. Reading takes two steps, so that a loop over the ints of one record does the first once:
 * `pageOf(row)` and `baseOf(row)`.
 */
export class RowPages {
  readonly #width: number;
  readonly #edit: number;
  readonly #pages: PageList;
  #count: number;

  private constructor(width: number, edit: number, pages: PageList, count: number) {
    this.#width = width;
    this.#edit = edit;
    this.#pages = pages;
    this.#count = count;
  }

  static empty(width: number, edit: number): RowPages {
    return new RowPages(width, edit, PageList.of([new Int32Array(HEADER)]), 0);
  }

  /** The same records, to be changed under another edit; these must not be changed any more. */
  fork(edit: number): RowPages {
    return new RowPages(this.#width, edit, this.#pages.fork(), this.#count);
  }

  /** The highest number that `append` gave. */
  get count(): number {
    return this.#count;
  }

  /** What all pages take, shared or not. */
  get bytes(): number {
    // All but the first are of one size, and the first is when there is another.
    return Math.max(1, Math.ceil(this.#count / (PAGE_MASK + 1))) * bytesOfPage(this.pageOf(1));
  }

  pageOf(row: number): Int32Array {
    return this.#pages.get((row - 1) >>> PAGE_BITS);
  }

  baseOf(row: number): number {
    return HEADER + ((row - 1) & PAGE_MASK) * this.#width;
  }

  get(row: number, column: number): number {
    return this.pageOf(row)[this.baseOf(row) + column]!;
  }

  set(row: number, column: number, value: number): void {
    const number = (row - 1) >>> PAGE_BITS;
    let page = this.#pages.get(number);
    // INVARIANT: only pages of this very edit are written to; all others belong to older versions.
    if (page[EDIT] !== this.#edit) {
      page = page.slice();
      page[EDIT] = this.#edit;
      this.#pages.set(number, page);
    }
    page[this.baseOf(row) + column] = value;
  }

  /** The number of a new record, all zero. */
  append(): number {
    const row = ++this.#count;
    const number = (row - 1) >>> PAGE_BITS;
    const first = ((row - 1) & PAGE_MASK) === 0;
    if (first && number > 0) {
      this.#pages.set(number, this.#newPage(PAGE_MASK + 1));
    } else if (this.baseOf(row) + this.#width > this.pageOf(row).length) {
      // The very first page begins small and grows, for policies of a few rows.
      const larger = this.#newPage(first ? MIN_RECORDS : 2 * (row - 1));
      larger.set(this.pageOf(row));
      larger[EDIT] = this.#edit;
      this.#pages.set(number, larger);
    }
    return row;
  }

  #newPage(records: number): Int32Array {
    const page = new Int32Array(HEADER + records * this.#width);
    page[EDIT] = this.#edit;
    return page;
  }
}

const EDIT = 0;
const HEADER = 1;
const MIN_RECORDS = 8;
const PAGE_BITS = 7;
const PAGE_MASK = (1 << PAGE_BITS) - 1;
