/**
 * A list of pages that versions share: in chunks, so that a version which replaces one page copies
 * a chunk and the short list of chunks, not the list of all pages.
 */
export class PageList {
  readonly #chunks: Int32Array[][];
  /** Chunks that no older version has, which may therefore be written to. */
  readonly #owned = new Set<number>();

  private constructor(chunks: Int32Array[][]) {
    this.#chunks = chunks;
  }

  static of(pages: readonly Int32Array[]): PageList {
    const list = new PageList([]);
    pages.forEach((page, number) => list.set(number, page));
    return list;
  }

  /** The same pages, to be changed; this list must not be changed any more. */
  fork(): PageList {
    return new PageList(this.#chunks.slice());
  }

  get(number: number): Int32Array {
    return this.#chunks[number >>> CHUNK_BITS]![number & CHUNK_MASK]!;
  }

  /** Replaces a page, or adds the one after the last. */
  set(number: number, page: Int32Array): void {
    const chunk = number >>> CHUNK_BITS;
    if (!this.#owned.has(chunk)) {
      this.#chunks[chunk] = this.#chunks[chunk]?.slice() ?? [];
      this.#owned.add(chunk);
    }
    this.#chunks[chunk]![number & CHUNK_MASK] = page;
  }

  /** Every page twice in a row. Takes time for all pages, a few thousandths of what is in them. */
  doubled(): PageList {
    return PageList.of(this.#chunks.flat().flatMap((page) => [page, page]));
  }
}

/** What a page takes: its ints, and what the engine keeps about each typed array. */
export function bytesOfPage(page: Int32Array): number {
  return page.byteLength + PAGE_OVERHEAD;
}

const PAGE_OVERHEAD = 200;
const CHUNK_BITS = 6;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
