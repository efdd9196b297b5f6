/**
 * Records of equally many ints, numbered from 1, in pages that versions share until one of them
 * writes. Reading takes two steps, so that a loop over the ints of one record does the first once:
 * `pageOf(row)` and `baseOf(row)`.
 */
export class RowPages {
  readonly #width: number;
  readonly #edit: number;
  readonly #pages: Int32Array[];
  #count: number;

  private constructor(width: number, edit: number, pages: Int32Array[], count: number) {
    this.#width = width;
    this.#edit = edit;
    this.#pages = pages;
    this.#count = count;
  }

  static empty(width: number, edit: number): RowPages {
    return new RowPages(width, edit, [], 0);
  }

  /** The same records, to be changed under another edit; these must not be changed any more. */
  fork(edit: number): RowPages {
    return new RowPages(this.#width, edit, this.#pages.slice(), this.#count);
  }

  /** The highest number that `append` gave. */
  get count(): number {
    return this.#count;
  }

  pageOf(row: number): Int32Array {
    return this.#pages[(row - 1) >>> PAGE_BITS]!;
  }

  baseOf(row: number): number {
    return HEADER + ((row - 1) & PAGE_MASK) * this.#width;
  }

  get(row: number, column: number): number {
    return this.pageOf(row)[this.baseOf(row) + column]!;
  }

  set(row: number, column: number, value: number): void {
    const number = (row - 1) >>> PAGE_BITS;
    let page = this.#pages[number]!;
    // INVARIANT: only pages of this very edit are written to; all others belong to older versions.
    if (page[EDIT] !== this.#edit) {
      page = page.slice();
      page[EDIT] = this.#edit;
      this.#pages[number] = page;
    }
    page[this.baseOf(row) + column] = value;
  }

  /** The number of a new record, all zero. */
  append(): number {
    const row = ++this.#count;
    const number = (row - 1) >>> PAGE_BITS;
    const page = this.#pages[number];
    const needed = this.baseOf(row) + this.#width;
    if (page === undefined || page.length < needed) {
      const records = page === undefined ? MIN_RECORDS : 2 * ((row - 1) & PAGE_MASK);
      // A first page begins small, for policies of a few rows; all others are made whole.
      const size = number === 0 ? records : PAGE_MASK + 1;
      const larger = new Int32Array(HEADER + size * this.#width);
      if (page !== undefined) larger.set(page);
      larger[EDIT] = this.#edit;
      this.#pages[number] = larger;
    }
    return row;
  }
}

const EDIT = 0;
const HEADER = 1;
const MIN_RECORDS = 8;
const PAGE_BITS = 9;
const PAGE_MASK = (1 << PAGE_BITS) - 1;
