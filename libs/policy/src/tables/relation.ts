import { firstSlot, HashPages, NOTHING, seek, valueAt } from './hash-pages.js';
import { RowPages } from './row-pages.js';

/**
 * A set of rows of ints, told apart by their first fields (or by all), with indexes over others. Immutable once handed out: `fork`
 * makes a version that can be changed and shares what it does not change.
 *
 * A row is one record: its fields, then for each index the next and the previous row of the same
 * key. The table of an index leads to the first of them, so a change touches a handful of records
 * however many rows share a key.
 */
export class Relation {
  readonly fieldCount: number;
  readonly indexes: readonly RelationIndex[];
  readonly #keyCount: number;
  readonly #rows: RowPages;
  /** By the key. */
  readonly #identity: HashPages;
  readonly #tables: readonly HashPages[];
  #size: number;
  /** First of the rows that were removed; each leads to the next in its second int. */
  #free: number;

  private constructor(
    indexes: readonly RelationIndex[],
    { fieldCount, keyCount }: Columns,
    parts: {
      rows: RowPages;
      identity: HashPages;
      tables: readonly HashPages[];
      size: number;
      free: number;
    },
  ) {
    this.indexes = indexes;
    this.fieldCount = fieldCount;
    this.#keyCount = keyCount;
    this.#rows = parts.rows;
    this.#identity = parts.identity;
    this.#tables = parts.tables;
    this.#size = parts.size;
    this.#free = parts.free;
  }

  /** `indexedFields`: for each index, the fields that make its key. The first field is never 0. */
  static empty(
    { fieldCount, keyCount }: Columns,
    indexedFields: readonly (readonly number[])[],
    edit: number,
  ): Relation {
    const indexes = indexedFields.map((fields, number) => ({
      number,
      fields,
      next: fieldCount + 2 * number,
    }));
    const columns = { fieldCount, keyCount };
    return new Relation(indexes, columns, {
      rows: RowPages.empty(Math.max(2, fieldCount + 2 * indexes.length), edit),
      identity: HashPages.empty(edit, TABLE_SLOTS),
      tables: indexes.map(() => HashPages.empty(edit, TABLE_SLOTS)),
      size: 0,
      free: NOTHING,
    });
  }

  fork(edit: number): Relation {
    const columns = { fieldCount: this.fieldCount, keyCount: this.#keyCount };
    return new Relation(this.indexes, columns, {
      rows: this.#rows.fork(edit),
      identity: this.#identity.fork(edit),
      tables: this.#tables.map((table) => table.fork(edit)),
      size: this.#size,
      free: this.#free,
    });
  }

  get size(): number {
    return this.#size;
  }

  /** What rows and indexes take, whichever pages they share. */
  get bytes(): number {
    const rows = this.#rows.bytes + this.#identity.bytes;
    return this.#tables.reduce((sum, table) => sum + table.bytes, rows);
  }

  /** Calls for every row, in no particular order, until the visitor answers true. */
  someRow(visit: (row: number) => boolean): boolean {
    for (let row = 1; row <= this.#rows.count; row++) {
      if (this.field(row, 0) !== NOTHING && visit(row)) return true;
    }
    return false;
  }

  field(row: number, field: number): number {
    return this.#rows.get(row, field);
  }

  /** The row of this key, which stands first in `ids`; or NOTHING. */
  find(ids: Int32Array): number {
    const hash = hashOfIds(ids, this.#keyCount);
    const page = this.#identity.pageFor(hash);
    let slot = seek(page, hash, firstSlot(page, hash));
    while (slot >= 0) {
      const row = valueAt(page, slot);
      if (this.#isRow(row, ids)) return row;
      slot = seek(page, hash, slot + 1);
    }
    return NOTHING;
  }

  /** The first row whose indexed fields are these, in the order of the index; or NOTHING. */
  first(index: RelationIndex, key: Int32Array): number {
    return this.#firstOfHash(index, key, hashOfIds(key, index.fields.length));
  }

  /** The next row of the same key, or NOTHING. */
  next(index: RelationIndex, row: number): number {
    return this.#rows.get(row, index.next);
  }

  /** The row takes the place of the one with its key, if there is one. */
  put(ids: Int32Array): void {
    this.remove(ids);
    this.add(ids);
  }

  /** Whether more rows than that have the key of this one, which is the first of them. */
  hasMoreThan(count: number, index: RelationIndex, first: number): boolean {
    let row = first;
    for (let seen = 0; row !== NOTHING && seen < count; seen++) row = this.next(index, row);
    return row !== NOTHING;
  }

  /** Changes nothing where a row of this key is there already. */
  add(ids: Int32Array): void {
    if (this.find(ids) !== NOTHING) return;
    const row = this.#newRow();
    for (let field = 0; field < this.fieldCount; field++) this.#rows.set(row, field, ids[field]!);
    this.#identity.insert(hashOfIds(ids, this.#keyCount), row);
    for (const index of this.indexes) this.#link(index, row);
    this.#size += 1;
  }

  /** Changes nothing where there is no row of this key. */
  remove(ids: Int32Array): void {
    const row = this.find(ids);
    if (row === NOTHING) return;
    for (const index of this.indexes) this.#unlink(index, row);
    this.#identity.remove(hashOfIds(ids, this.#keyCount), row);
    this.#rows.set(row, 0, NOTHING);
    this.#rows.set(row, 1, this.#free);
    this.#free = row;
    this.#size -= 1;
  }

  #newRow(): number {
    if (this.#free === NOTHING) return this.#rows.append();
    const row = this.#free;
    this.#free = this.#rows.get(row, 1);
    return row;
  }

  #firstOfHash(index: RelationIndex, key: Int32Array, hash: number): number {
    const page = this.#tables[index.number]!.pageFor(hash);
    let slot = seek(page, hash, firstSlot(page, hash));
    while (slot >= 0) {
      const row = valueAt(page, slot);
      if (this.#hasKey(row, index.fields, key)) return row;
      slot = seek(page, hash, slot + 1);
    }
    return NOTHING;
  }

  #link(index: RelationIndex, row: number): void {
    const table = this.#tables[index.number]!;
    const hash = this.#hashOfKey(index, row);
    const first = this.#firstLike(index, row, hash);
    this.#rows.set(row, index.next, first);
    this.#rows.set(row, index.next + 1, NOTHING);
    if (first === NOTHING) {
      table.insert(hash, row);
    } else {
      this.#rows.set(first, index.next + 1, row);
      table.replace(hash, first, row);
    }
  }

  #unlink(index: RelationIndex, row: number): void {
    const next = this.#rows.get(row, index.next);
    const previous = this.#rows.get(row, index.next + 1);
    if (next !== NOTHING) this.#rows.set(next, index.next + 1, previous);
    if (previous !== NOTHING) {
      this.#rows.set(previous, index.next, next);
      return;
    }
    const table = this.#tables[index.number]!;
    const hash = this.#hashOfKey(index, row);
    if (next === NOTHING) table.remove(hash, row);
    else table.replace(hash, row, next);
  }

  /** The first row that the index has under the key of this one, which it need not have itself. */
  #firstLike({ number, fields }: RelationIndex, like: number, hash: number): number {
    const page = this.#tables[number]!.pageFor(hash);
    let slot = seek(page, hash, firstSlot(page, hash));
    while (slot >= 0) {
      const row = valueAt(page, slot);
      if (this.#haveOneKey(row, like, fields)) return row;
      slot = seek(page, hash, slot + 1);
    }
    return NOTHING;
  }

  #hashOfKey({ fields }: RelationIndex, row: number): number {
    const page = this.#rows.pageOf(row);
    const base = this.#rows.baseOf(row);
    let hash = fields.length;
    for (let i = 0; i < fields.length; i++) hash = mixed(hash, page[base + fields[i]!]!);
    return finished(hash);
  }

  #haveOneKey(one: number, other: number, fields: readonly number[]): boolean {
    for (let i = 0; i < fields.length; i++) {
      if (this.field(one, fields[i]!) !== this.field(other, fields[i]!)) return false;
    }
    return true;
  }

  #hasKey(row: number, fields: readonly number[], key: Int32Array): boolean {
    const page = this.#rows.pageOf(row);
    const base = this.#rows.baseOf(row);
    for (let i = 0; i < fields.length; i++) {
      if (page[base + fields[i]!] !== key[i]) return false;
    }
    return true;
  }

  #isRow(row: number, ids: Int32Array): boolean {
    const page = this.#rows.pageOf(row);
    const base = this.#rows.baseOf(row);
    for (let field = 0; field < this.#keyCount; field++) {
      if (page[base + field] !== ids[field]) return false;
    }
    return true;
  }
}

/** How many fields a row has, and how many of them, from the first, tell rows apart. */
export interface Columns {
  readonly fieldCount: number;
  readonly keyCount: number;
}

/** Pages of 4 KiB at most: a change copies one of each table. */
const TABLE_SLOTS = 512;

export interface RelationIndex {
  readonly number: number;
  readonly fields: readonly number[];
  /** The column of the next row of the same key; the one after it holds the previous. */
  readonly next: number;
}

/** The hash of the first `count` ids, in their order. */
export function hashOfIds(ids: Int32Array, count: number): number {
  let hash = count;
  for (let i = 0; i < count; i++) hash = mixed(hash, ids[i]!);
  return finished(hash);
}

function mixed(hash: number, id: number): number {
  const next = Math.imul(hash ^ id, 0x9e3779b1);
  return next ^ (next >>> 15);
}

function finished(hash: number): number {
  const next = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b);
  return next ^ (next >>> 16);
}
