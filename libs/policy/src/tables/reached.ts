import { NOTHING } from './hash-pages.js';
import type { Relation } from './relation.js';

/** Fields of the rows of a role relation: who has which role, and in which domain. */
export const MEMBER = 0;
export const ROLE = 1;
export const DOMAIN = 2;

/** The index of a role relation by member, in its domain if it has one. */
export function roleIndexes(hasDomain: boolean): readonly (readonly number[])[] {
  return [hasDomain ? [MEMBER, DOMAIN] : [MEMBER]];
}

/**
 * The names that a role relation leads to from one name, itself first, each once however many ways
 * lead there: a walk that goes only as far as it is asked to. Used again for request after request.
 */
export class Reached {
  #ids = new Int32Array(32);
  #count = 0;
  #expanded = 0;
  #relation: Relation | undefined;
  readonly #mayEnter: (id: number) => boolean;
  readonly #key: Int32Array = new Int32Array(2);
  // Open addressing; a slot counts only with the stamp of this walk. Not used while ids are few.
  #slots = new Int32Array(64);
  #stamps = new Int32Array(64);
  #stamp = 0;

  /** What `mayEnter` refuses is not reached, nor what only it leads to. */
  constructor(mayEnter: (id: number) => boolean = () => true) {
    this.#mayEnter = mayEnter;
  }

  /** An unknown name (NOTHING) reaches nothing but itself. */
  start(relation: Relation, from: number, domain: number): void {
    this.#relation = relation;
    this.#key[1] = domain;
    this.#ids[0] = from;
    this.#count = 1;
    this.#expanded = from === NOTHING ? 1 : 0;
  }

  /** Lets go of the version that was walked last. */
  release(): void {
    this.#relation = undefined;
  }

  /** How many have been found so far; all of them once {@link at} has answered -1. */
  get count(): number {
    return this.#count;
  }

  /** The n-th name from 0; -1: there are no more. */
  at(n: number): number {
    while (n >= this.#count) {
      if (this.#expanded === this.#count) return -1;
      this.#expand();
    }
    return this.#ids[n]!;
  }

  has(id: number): boolean {
    for (;;) {
      if (this.#isFound(id)) return true;
      if (this.#expanded === this.#count) return false;
      this.#expand();
    }
  }

  /** Adds the direct roles of the first name whose roles have not been added. */
  #expand(): void {
    const relation = this.#relation!;
    const index = relation.indexes[0]!;
    this.#key[0] = this.#ids[this.#expanded++]!;
    for (let row = relation.first(index, this.#key); row !== NOTHING;) {
      const role = relation.field(row, ROLE);
      // INVARIANT: each name is added once, so a cycle ends.
      if (!this.#isFound(role) && this.#mayEnter(role)) this.#add(role);
      row = relation.next(index, row);
    }
  }

  #isFound(id: number): boolean {
    if (this.#count <= FEW) {
      for (let i = 0; i < this.#count; i++) if (this.#ids[i] === id) return true;
      return false;
    }
    const slot = this.#slotOf(id);
    return this.#stamps[slot] === this.#stamp;
  }

  #add(id: number): void {
    if (this.#count === this.#ids.length) {
      const ids = new Int32Array(this.#count * 2);
      ids.set(this.#ids);
      this.#ids = ids;
    }
    this.#ids[this.#count++] = id;
    if (this.#count <= FEW) return;
    if (this.#count * 2 > this.#slots.length) {
      this.#slots = new Int32Array(this.#slots.length * 2);
      this.#stamps = new Int32Array(this.#slots.length);
      this.#stampAll();
    } else if (this.#count === FEW + 1) {
      this.#stampAll();
    } else {
      this.#mark(id);
    }
  }

  #stampAll(): void {
    this.#stamp = (this.#stamp + 1) | 0;
    for (let i = 0; i < this.#count; i++) this.#mark(this.#ids[i]!);
  }

  #mark(id: number): void {
    const slot = this.#slotOf(id);
    this.#slots[slot] = id;
    this.#stamps[slot] = this.#stamp;
  }

  /** Where the id is, or would be. */
  #slotOf(id: number): number {
    const mask = this.#slots.length - 1;
    let slot = (Math.imul(id, 0x9e3779b1) >>> 12) & mask;
    while (this.#stamps[slot] === this.#stamp && this.#slots[slot] !== id) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

const FEW = 12;
