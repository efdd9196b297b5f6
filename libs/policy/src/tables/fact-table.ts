import { NOTHING } from './hash-pages.js';
import type { Names } from './names.js';
import { Relation, type Columns } from './relation.js';

/** How facts of one kind are written into rows of ints. */
export interface Layout<Fact> {
  /** The key is names alone. */
  readonly columns: Columns;
  /** The fields of each index, all of them names. */
  readonly indexes: readonly (readonly number[])[];
  /** Throws for a fact that no row can hold. */
  write(fact: Fact, row: Int32Array, names: Names): void;
  read(relation: Relation, row: number, names: Names): Fact;
}

/**
 * The facts of one kind, in typed arrays. Immutable, but for the edit that made it: `put` and
 * `remove` answer the next version, which is this very table where this edit has made it.
 */
export class FactTable<Fact> {
  readonly relation: Relation;
  readonly #layout: Layout<Fact>;
  readonly #names: Names;
  readonly #edit: number;
  readonly #row: Int32Array;

  private constructor(layout: Layout<Fact>, names: Names, relation: Relation, edit: number) {
    this.relation = relation;
    this.#layout = layout;
    this.#names = names;
    this.#edit = edit;
    this.#row = new Int32Array(layout.columns.fieldCount);
  }

  static empty<Fact>(layout: Layout<Fact>, names: Names, edit: number): FactTable<Fact> {
    return new FactTable(layout, names, Relation.empty(layout.columns, layout.indexes, edit), edit);
  }

  /** Of two facts of one key the later counts. */
  put(fact: Fact, edit: number): FactTable<Fact> {
    const next = this.#under(edit);
    next.#layout.write(fact, next.#row, next.#names);
    next.relation.put(next.#row);
    return next;
  }

  /** Removing what is not there changes nothing. */
  remove(key: readonly string[], edit: number): FactTable<Fact> {
    const next = this.#under(edit);
    next.relation.remove(next.#idsOf(key));
    return next;
  }

  get(...key: readonly string[]): Fact | undefined {
    const row = this.relation.find(this.#idsOf(key));
    return row === NOTHING ? undefined : this.#read(row);
  }

  /** The facts whose indexed fields are these, in no particular order. */
  by(index: number, ...key: readonly string[]): Fact[] {
    const ids = this.#idsOf(key);
    return ids[0] === NOTHING ? [] : this.byIds(index, ids);
  }

  byIds(index: number, ids: Int32Array): Fact[] {
    const { relation } = this;
    const by = relation.indexes[index]!;
    const facts: Fact[] = [];
    for (let row = relation.first(by, ids); row !== NOTHING; row = relation.next(by, row)) {
      facts.push(this.#read(row));
    }
    return facts;
  }

  /** Every fact, in no particular order. */
  values(): Fact[] {
    const facts: Fact[] = [];
    this.relation.someRow((row) => {
      facts.push(this.#read(row));
      return false;
    });
    return facts;
  }

  #under(edit: number): FactTable<Fact> {
    if (edit === this.#edit) return this;
    return new FactTable(this.#layout, this.#names, this.relation.fork(edit), edit);
  }

  #read(row: number): Fact {
    return this.#layout.read(this.relation, row, this.#names);
  }

  /** A name that nothing has is NOTHING, which no key contains. */
  #idsOf(key: readonly string[]): Int32Array {
    key.forEach((text, i) => (this.#row[i] = this.#names.idOf(text)));
    return this.#row;
  }
}
