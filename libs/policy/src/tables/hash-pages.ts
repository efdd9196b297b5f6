import { bytesOfPage, PageList } from './page-list.js';

/**
 * A hash table from 32-bit hashes to positive ints, in pages of typed arrays: extendible hashing
 * (Fagin, Nievergelt, Pippenger and Strong, 1979). A page that is full is split, so growth never
 * rehashes the whole table; versions of a table share the pages that neither has changed.
 *
 * It knows hashes, not keys: whoever looks something up compares what the ints stand for. Several
 * entries may have one hash; an entry is told apart by its value.
 */
export class HashPages {
  #directory: PageList;
  /** How many leading bits of a hash choose the page: the directory has 2 ** depth entries. */
  #depth: number;
  #size: number;
  /** What the pages take, each counted once. */
  #pageBytes: number;
  readonly #edit: number;
  readonly #maxSlots: number;

  private constructor(
    directory: PageList,
    shape: { depth: number; size: number; pageBytes: number; edit: number; maxSlots: number },
  ) {
    this.#directory = directory;
    this.#depth = shape.depth;
    this.#size = shape.size;
    this.#pageBytes = shape.pageBytes;
    this.#edit = shape.edit;
    this.#maxSlots = shape.maxSlots;
  }

  /**
   * `maxSlots`, a power of two, is how large a page becomes before it is split: the larger, the
   * fewer pages a lookup has to find its way among, and the more a new version copies for a change.
   */
  static empty(edit: number, maxSlots: number): HashPages {
    const page = pageOf(MIN_SLOTS, edit, 0);
    return new HashPages(PageList.of([page, page]), {
      ...{ depth: 1, size: 0, pageBytes: bytesOfPage(page), edit, maxSlots },
    });
  }

  /** The same entries, to be changed under another edit; this table must not be changed any more. */
  fork(edit: number): HashPages {
    return new HashPages(this.#directory.fork(), {
      ...{ depth: this.#depth, size: this.#size, maxSlots: this.#maxSlots },
      pageBytes: this.#pageBytes,
      edit,
    });
  }

  /** What it takes, whichever pages it shares. */
  get bytes(): number {
    return this.#pageBytes + (POINTER << this.#depth);
  }

  /** The page that holds whatever has this hash. Look into it with `seek`. */
  pageFor(hash: number): Int32Array {
    return this.#directory.get(hash >>> (32 - this.#depth));
  }

  insert(hash: number, value: number): void {
    let page = this.#writable(hash);
    while (page[COUNT]! >= (slotsOf(page) * 3) >> 2) {
      this.#enlarge(page, hash);
      page = this.pageFor(hash);
    }
    put(page, hash, value);
    this.#size += 1;
  }

  /** The entry must be there. */
  replace(hash: number, value: number, by: number): void {
    const page = this.#writable(hash);
    page[HEADER + 2 * slotOf(page, hash, value) + 1] = by;
  }

  /** The entry must be there. */
  remove(hash: number, value: number): void {
    const page = this.#writable(hash);
    const mask = slotsOf(page) - 1;
    let hole = slotOf(page, hash, value);
    page[COUNT]! -= 1;
    this.#size -= 1;
    // Entries behind the hole move up unless that would put them before their own first slot.
    for (let slot = (hole + 1) & mask; ; slot = (slot + 1) & mask) {
      const moved = page[HEADER + 2 * slot + 1]!;
      if (moved === NOTHING) break;
      const movedHash = page[HEADER + 2 * slot]!;
      if (((slot - movedHash) & mask) < ((slot - hole) & mask)) continue;
      page[HEADER + 2 * hole] = movedHash;
      page[HEADER + 2 * hole + 1] = moved;
      hole = slot;
    }
    page[HEADER + 2 * hole + 1] = NOTHING;
  }

  /** INVARIANT: only pages of this very edit are written to; all others belong to older versions. */
  #writable(hash: number): Int32Array {
    const page = this.pageFor(hash);
    if (page[EDIT] === this.#edit) return page;
    const copy = page.slice();
    copy[EDIT] = this.#edit;
    this.#place(copy, hash);
    return copy;
  }

  #enlarge(page: Int32Array, hash: number): void {
    const slots = slotsOf(page);
    const depth = page[DEPTH]!;
    if (slots < this.#maxSlots || (depth === this.#depth && !this.#mayDouble())) {
      const larger = pageOf(slots * 2, this.#edit, depth);
      eachEntry(page, (entryHash, value) => put(larger, entryHash, value));
      this.#pageBytes += bytesOfPage(larger) - bytesOfPage(page);
      this.#place(larger, hash);
      return;
    }
    if (depth === this.#depth) {
      this.#directory = this.#directory.doubled();
      this.#depth += 1;
    }
    const bit = 1 << (31 - depth);
    const halves = [0, 1].map(() => pageOf(slots, this.#edit, depth + 1));
    this.#pageBytes += bytesOfPage(page);
    eachEntry(page, (entryHash, value) => {
      put(halves[(entryHash & bit) === 0 ? 0 : 1]!, entryHash, value);
    });
    this.#place(halves[0]!, hash & ~bit);
    this.#place(halves[1]!, hash | bit);
  }

  /**
   * Equal or nearly equal hashes would not be parted by any number of splits.
   * INVARIANT: the directory stays in proportion to the entries, whoever chooses what is hashed.
   */
  #mayDouble(): boolean {
    return (2 << this.#depth) * this.#maxSlots <= this.#size * SPARSEST;
  }

  /** Makes the directory lead to the page wherever its leading bits are those of the hash. */
  #place(page: Int32Array, hash: number): void {
    const spread = this.#depth - page[DEPTH]!;
    const first = ((hash >>> (32 - this.#depth)) >>> spread) << spread;
    for (let number = first; number < first + (1 << spread); number++) {
      this.#directory.set(number, page);
    }
  }
}

/** No value at all; what `seek` ends at. */
export const NOTHING = 0;

/** Where looking for a hash in its page begins. */
export function firstSlot(page: Int32Array, hash: number): number {
  return hash & (slotsOf(page) - 1);
}

/** The first slot at or after this one whose entry has the hash; -1: there is none. */
export function seek(page: Int32Array, hash: number, slot: number): number {
  const mask = slotsOf(page) - 1;
  for (let at = slot & mask; ; at = (at + 1) & mask) {
    const position = HEADER + 2 * at;
    if (page[position + 1] === NOTHING) return -1;
    if (page[position] === hash) return at;
  }
}

export function valueAt(page: Int32Array, slot: number): number {
  return page[HEADER + 2 * slot + 1]!;
}

// A page: which edit made it, how many leading bits its hashes share, how many entries it has, and
// one unused; then pairs of hash and value, probed linearly and at most three quarters full.
const EDIT = 0;
const DEPTH = 1;
const COUNT = 2;
const HEADER = 4;

const MIN_SLOTS = 8;
/** What an entry of the directory takes. */
const POINTER = 8;
/** How many slots there may be for an entry, if all pages were of one depth. */
const SPARSEST = 16;

function pageOf(slots: number, edit: number, depth: number): Int32Array {
  const page = new Int32Array(HEADER + 2 * slots);
  page[EDIT] = edit;
  page[DEPTH] = depth;
  return page;
}

function slotsOf(page: Int32Array): number {
  return (page.length - HEADER) >> 1;
}

function put(page: Int32Array, hash: number, value: number): void {
  const mask = slotsOf(page) - 1;
  let slot = hash & mask;
  while (page[HEADER + 2 * slot + 1] !== NOTHING) slot = (slot + 1) & mask;
  page[HEADER + 2 * slot] = hash;
  page[HEADER + 2 * slot + 1] = value;
  page[COUNT]! += 1;
}

function slotOf(page: Int32Array, hash: number, value: number): number {
  let slot = seek(page, hash, firstSlot(page, hash));
  while (valueAt(page, slot) !== value) slot = seek(page, hash, slot + 1);
  return slot;
}

function eachEntry(page: Int32Array, visit: (hash: number, value: number) => void): void {
  for (let at = HEADER; at < page.length; at += 2) {
    if (page[at + 1] !== NOTHING) visit(page[at]!, page[at + 1]!);
  }
}
