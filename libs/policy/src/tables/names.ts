import { firstSlot, HashPages, NOTHING, seek, valueAt } from './hash-pages.js';

/** The most UTF-16 code units a name can have. */
export const MAX_NAME_LENGTH = 0xffff;

/**
 * Ids (positive ints) for strings. Names are only ever added, and an id means one string for ever,
 * so all versions of a policy share one of these: what a later version adds occurs in no row of an
 * earlier one.
 *
 * The characters lie in large byte arrays, not in strings: an id is where they lie, a lookup
 * touches the table and the characters and no object besides, and a million names are nothing for
 * the garbage collector to visit.
 */
export class Names {
  readonly #table = HashPages.empty(1, TABLE_SLOTS);
  readonly #chunks: Uint8Array[] = [new Uint8Array(MIN_CHUNK)];
  /** Byte 0 stays unused: an id is never NOTHING. */
  #end = 1;
  readonly #recentTexts: { id: number; text: string }[] = [];
  /** The ids of all names, while they are few. */
  #few: Map<string, number> | undefined = new Map();

  /** What the names and their table take. */
  get bytes(): number {
    const few = (this.#few?.size ?? 0) * ENTRY_BYTES;
    return this.#chunks.reduce((sum, chunk) => sum + chunk.length, this.#table.bytes + few);
  }

  /** NOTHING for a string that has no id. */
  idOf(text: string): number {
    return this.find(text, this.hashOf(text));
  }

  /** What `find` is to be asked with, as long as no name is added; nothing is computed in vain. */
  hashOf(text: string): number {
    return this.#few === undefined ? hashOf(text) : 0;
  }

  /**
   * The same, with what `hashOf` says of the string. Who looks up several names hashes all of them
   * first: then the processor waits for their places in memory at once, not for one after the other.
   */
  find(text: string, hash: number): number {
    if (this.#few !== undefined) return this.#few.get(text) ?? NOTHING;
    return this.#find(text, hash);
  }

  #find(text: string, hash: number): number {
    const page = this.#table.pageFor(hash);
    let slot = seek(page, hash, firstSlot(page, hash));
    while (slot >= 0) {
      const id = valueAt(page, slot);
      if (this.#has(id, text)) return id;
      slot = seek(page, hash, slot + 1);
    }
    return NOTHING;
  }

  /** Throws a RangeError for a string longer than MAX_NAME_LENGTH. */
  intern(text: string): number {
    if (text.length > MAX_NAME_LENGTH) {
      throw new RangeError(`longer than ${MAX_NAME_LENGTH} characters`);
    }
    const hash = hashOf(text);
    const present = this.find(text, hash);
    if (present !== NOTHING) return present;
    const id = this.#store(text);
    this.#table.insert(hash, id);
    if (this.#few?.set(text, id).size === FEW_NAMES) this.#few = undefined;
    return id;
  }

  /** The string of an id that `intern` gave. */
  textOf(id: number): string {
    const recent = this.#recentTexts[id & RECENT_MASK];
    if (recent !== undefined && recent.id === id) return recent.text;
    const text = this.#read(id);
    this.#recentTexts[id & RECENT_MASK] = { id, text };
    return text;
  }

  #has(id: number, text: string): boolean {
    const chunk = this.#chunks[id >>> CHUNK_BITS]!;
    const at = id & CHUNK_MASK;
    const length = text.length;
    if ((chunk[at]! | (chunk[at + 1]! << 8)) !== length) return false;
    const start = at + RECORD_HEADER;
    if (chunk[at + 2] === NARROW) {
      for (let i = 0; i < length; i++) {
        if (chunk[start + i] !== text.charCodeAt(i)) return false;
      }
      return true;
    }
    for (let i = 0; i < length; i++) {
      const unit = chunk[start + 2 * i]! | (chunk[start + 2 * i + 1]! << 8);
      if (unit !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  #store(text: string): number {
    const { length } = text;
    const wide = isWide(text);
    const size = RECORD_HEADER + (wide ? 2 * length : length);
    const at = this.#reserve(size);
    const chunk = this.#chunks.at(-1)!;
    chunk[at] = length;
    chunk[at + 1] = length >>> 8;
    chunk[at + 2] = wide ? WIDE : NARROW;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      chunk[at + RECORD_HEADER + (wide ? 2 * i : i)] = unit;
      if (wide) chunk[at + RECORD_HEADER + 2 * i + 1] = unit >>> 8;
    }
    this.#end = at + size;
    return ((this.#chunks.length - 1) << CHUNK_BITS) | at;
  }

  /** Where that many bytes are free in the last chunk, which is enlarged or followed by another. */
  #reserve(size: number): number {
    const last = this.#chunks.length - 1;
    const chunk = this.#chunks[last]!;
    if (this.#end + size <= chunk.length) return this.#end;
    let { length } = chunk;
    while (length < this.#end + size) length *= 2;
    if (length <= MAX_CHUNK) {
      const larger = new Uint8Array(length);
      larger.set(chunk);
      this.#chunks[last] = larger;
      return this.#end;
    }
    if (last + 1 === MAX_CHUNKS) throw new RangeError('more names than can be held');
    this.#chunks.push(new Uint8Array(MAX_CHUNK));
    return 0;
  }

  #read(id: number): string {
    const chunk = this.#chunks[id >>> CHUNK_BITS]!;
    const at = id & CHUNK_MASK;
    const length = chunk[at]! | (chunk[at + 1]! << 8);
    const wide = chunk[at + 2] === WIDE;
    const start = at + RECORD_HEADER;
    let text = '';
    for (let done = 0; done < length; done += READ_AT_ONCE) {
      const end = Math.min(length, done + READ_AT_ONCE);
      text += wide
        ? String.fromCharCode(...wideUnits(chunk, start, done, end))
        : String.fromCharCode.apply(null, chunk.subarray(start + done, start + end) as never);
    }
    return text;
  }
}

/** Large pages: this table is never copied. */
const TABLE_SLOTS = 8192;

// A record: length in code units (2 bytes, low first), NARROW or WIDE, then one or two bytes a unit.
const RECORD_HEADER = 3;
const NARROW = 0;
const WIDE = 1;

// An id: the number of the chunk, then where the record begins in it.
const CHUNK_BITS = 20;
const CHUNK_MASK = (1 << CHUNK_BITS) - 1;
const MAX_CHUNK = 1 << CHUNK_BITS;
const MIN_CHUNK = 256;
const MAX_CHUNKS = 1 << (31 - CHUNK_BITS);

/** Up to so many, JavaScript's own map is faster: all of it is in the processor's caches anyway. */
const FEW_NAMES = 4096;
/** What the map takes for each of them, about, its string included. */
const ENTRY_BYTES = 80;

/** Few enough that a tenant of a dozen people does not pay for them. */
const RECENT_MASK = 0xff;
/** Arguments of one call. */
const READ_AT_ONCE = 4096;

/**
 * The hash of a name: two code units a step, finished as MurmurHash3 does. Unseeded, so whoever chooses names can make
 * them collide: that slows the lookup of those names and never confuses them.
 */
export function hashOf(text: string): number {
  const length = Math.min(text.length, MAX_NAME_LENGTH);
  let hash = length;
  let i = 0;
  for (; i + 1 < length; i += 2) {
    hash = Math.imul(hash ^ (text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16)), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  if (i < length) hash = Math.imul(hash ^ text.charCodeAt(i), 0x9e3779b1);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

function isWide(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return true;
  return false;
}

function wideUnits(chunk: Uint8Array, start: number, from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => {
    const position = start + 2 * (from + i);
    return chunk[position]! | (chunk[position + 1]! << 8);
  });
}
