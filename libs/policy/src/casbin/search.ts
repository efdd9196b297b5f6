// Longer than most: the steps of one answer share its state, and passing that around would cost a
// check more than the check itself.
import {
  accessPath,
  compileSource,
  IDENTITY,
  readsOf,
  type AccessPath,
  type CompiledSource,
  type EqualityKey,
  type FieldRead,
  type LinkWalk,
} from './access-path.js';
import { textOf } from './built-in-functions.js';
import type { Condition, Plan } from './plan.js';
import type { EvaluationContext } from './compile-expression.js';
import { NOTHING } from '../tables/hash-pages.js';
import type { PolicyEffect } from './model.js';
import type { Names } from '../tables/names.js';
import { Reached } from '../tables/reached.js';
import type { Relation } from '../tables/relation.js';

/** The rows of one version of a policy. */
export interface PolicyRows {
  readonly rules: Relation;
  /** In the order of the model's relations. */
  readonly roles: readonly Relation[];
}

/**
 * Answers requests, one after another, by a plan. It owns the memory that an answer needs, so a
 * request costs no allocation; it must not be entered again while it answers.
 *
 * A rule matches when every conjunct of the matcher holds, and does not when any fails to hold,
 * whatever the others do. One that throws while no other is false is an error: such a rule never
 * allows, and always denies if it is a deny.
 */
export class Search implements EvaluationContext {
  request: readonly unknown[] = NO_REQUEST;
  /** What the last answer rests on: a row that allows, one that denies, or NOTHING. */
  allowingRow = NOTHING;
  denyingRow = NOTHING;
  /** The first thing thrown while the last request was answered. */
  error: unknown = undefined;

  readonly #plan: Plan;
  readonly #names: Names;
  readonly #effect: PolicyEffect;
  readonly #effectField: number;
  readonly #equalities: readonly EqualityKey[];
  readonly #links: readonly LinkWalk[];
  readonly #reads: readonly FieldRead[];
  /** By the request's field, for those that are read: its text, the hash of it and its id. */
  readonly #texts: string[];
  readonly #hashes: Int32Array;
  readonly #fieldIds: Int32Array;
  readonly #coarse: AccessPath;
  readonly #fine: AccessPath;
  readonly #roleNames: readonly string[];
  readonly #effects: { readonly allow: number; readonly deny: number; readonly none: number };
  readonly #walk = new Reached();
  #walking = '';

  #rows: PolicyRows = NO_ROWS;
  #row = NOTHING;
  #allowed = false;
  /** A conjunct about the request alone threw. */
  #onceFailed = false;

  constructor(plan: Plan, names: Names) {
    this.#plan = plan;
    this.#names = names;
    this.#effect = plan.model.effect;
    this.#effectField = plan.effectField;
    this.#roleNames = [...plan.model.relations.keys()];
    this.#coarse = accessPath(plan, 0);
    this.#fine = accessPath(plan, plan.indexes.length - 1);
    this.#equalities = plan.equalities.map(({ field, source }) => ({
      ...compileSource(source, names),
      coarse: this.#coarse.fields.indexOf(field),
      fine: this.#fine.fields.indexOf(field),
    }));
    this.#reads = readsOf(plan);
    this.#texts = plan.model.requestFields.map(() => '');
    this.#hashes = new Int32Array(this.#texts.length);
    this.#fieldIds = new Int32Array(this.#texts.length);
    this.#links = plan.links.map((link) => ({
      field: link.field,
      roles: this.#roleNames.indexOf(link.relation),
      from: compileSource(link.source, names),
      domain: link.domain && compileSource(link.domain, names),
      coarse: this.#coarse.fields.indexOf(link.field),
      fine: this.#fine.fields.indexOf(link.field),
      reached: new Reached(),
    }));
    const [allow, deny, none] = ['allow', 'deny', ''].map((effect) => names.intern(effect));
    this.#effects = { allow: allow!, deny: deny!, none: none! };
  }

  /** Whether the request is allowed. Never throws: what goes wrong is a no, and in `error`. */
  run(rows: PolicyRows, request: readonly unknown[]): boolean {
    this.#rows = rows;
    this.request = request;
    this.allowingRow = NOTHING;
    this.denyingRow = NOTHING;
    this.error = undefined;
    this.#allowed = false;
    this.#onceFailed = false;
    try {
      const { requestFields } = this.#plan.model;
      if (request.length !== requestFields.length) {
        throw new RangeError(
          `a request has ${requestFields.length} values: ${requestFields.join()}`,
        );
      }
      this.#decide();
      return this.#verdict();
    } catch (error) {
      this.error = error;
      this.allowingRow = NOTHING;
      this.denyingRow = NOTHING;
      return false;
    }
  }

  /** Lets go of the version and the request that were answered last. */
  release(): void {
    this.#rows = NO_ROWS;
    this.request = NO_REQUEST;
    this.#walking = '';
  }

  rowText(field: number): string {
    if (this.#row === NOTHING) return '';
    return this.#names.textOf(this.#rows.rules.field(this.#row, field));
  }

  isLinked(relation: string, from: string, to: string, domain: string | undefined): boolean {
    if (from === to) return true;
    const number = this.#roleNames.indexOf(relation);
    const walking = JSON.stringify([number, from, domain]);
    // Row after row asks about the same name: the walk goes on where the last one ended.
    if (walking !== this.#walking) {
      const domainId = domain === undefined ? NOTHING : this.#names.idOf(domain);
      this.#walk.start(this.#rows.roles[number]!, this.#names.idOf(from), domainId);
      this.#walking = walking;
    }
    const id = this.#names.idOf(to);
    return id !== NOTHING && this.#walk.has(id);
  }

  #verdict(): boolean {
    switch (this.#effect) {
      case 'SOME_ALLOW':
        return this.#allowed;
      case 'NO_DENY':
        return this.denyingRow === NOTHING;
      case 'ALLOW_AND_NO_DENY':
        return this.#allowed && this.denyingRow === NOTHING;
    }
  }

  #decide(): void {
    const { once, usesRows, all } = this.#plan;
    this.#row = NOTHING;
    if (!usesRows || this.#rows.rules.size === 0) {
      // Casbin evaluates a matcher without rows once, over a row of empty strings that allows.
      this.#allowed = this.#holds(all, false);
      return;
    }
    for (let i = 0; i < once.length; i++) {
      try {
        if (!once[i]!.holds(this)) return;
      } catch (error) {
        this.#failed(error);
        this.#onceFailed = true;
      }
    }
    if (this.#coarse.fields.length === 0) this.#scan();
    else this.#lookUp();
  }

  /** INVARIANT: it finds every row that a scan would find a match in; else it scans. */
  #lookUp(): void {
    if (!this.#hashNames()) return this.#scan();
    for (let i = 0; i < this.#reads.length; i++) {
      const { field, exact } = this.#reads[i]!;
      const id = this.#names.find(this.#texts[field]!, this.#hashes[field]!);
      if (id === NOTHING && exact) return;
      this.#fieldIds[field] = id;
    }
    for (let i = 0; i < this.#equalities.length; i++) {
      const equality = this.#equalities[i]!;
      const id = this.#sourceId(equality);
      this.#coarse.key[equality.coarse] = id;
      this.#fine.key[equality.fine] = id;
    }
    for (let i = 0; i < this.#links.length; i++) {
      const { roles, from, domain, reached } = this.#links[i]!;
      const within = domain === undefined ? NOTHING : this.#sourceId(domain);
      reached.start(this.#rows.roles[roles]!, this.#sourceId(from), within);
    }
    if (this.#links.length === 0) {
      this.#considerAll(this.#coarse, 0, Infinity);
      return;
    }
    const link = this.#links[0]!;
    for (let n = 0, id = link.reached.at(0); id !== -1; id = link.reached.at(++n)) {
      this.#coarse.key[link.coarse] = id;
      if (this.#links.length === 1) {
        if (this.#considerAll(this.#coarse, 1, Infinity) === DONE) return;
        continue;
      }
      const outcome = this.#considerAll(this.#coarse, 1, MANY);
      if (outcome === DONE) return;
      if (outcome === TOO_MANY && this.#narrow(id)) return;
    }
  }

  /** The rows of one name of the first link, by each name of the second. */
  #narrow(id: number): boolean {
    const [first, second] = this.#links;
    this.#fine.key[first!.fine] = id;
    const { reached, fine } = second!;
    for (let n = 0, other = reached.at(0); other !== -1; other = reached.at(++n)) {
      this.#fine.key[fine] = other;
      if (this.#considerAll(this.#fine, 2, Infinity) === DONE) return true;
    }
    return false;
  }

  /**
   * False: some value cannot be looked up, but has to be compared. What is not a string may equal
   * many (7 equals "7" and "7.0"), and be read in its own way.
   */
  #hashNames(): boolean {
    for (let i = 0; i < this.#reads.length; i++) {
      const { field, exact } = this.#reads[i]!;
      let value = this.request[field];
      // Role relations read a number as its text; 0 and NaN, where they are no domain, as no text.
      if (!exact && typeof value === 'number' && textOf(value) !== '') value = textOf(value);
      if (typeof value !== 'string') return false;
      this.#texts[field] = value;
      this.#hashes[field] = this.#names.hashOf(value);
    }
    return true;
  }

  #sourceId({ field, literal }: CompiledSource): number {
    return field < 0 ? literal : this.#fieldIds[field]!;
  }

  #considerAll({ index, key }: AccessPath, heldLinks: number, limit: number): number {
    const { rules } = this.#rows;
    if (index === IDENTITY) {
      const row = rules.find(key);
      return row !== NOTHING && this.#consider(row, heldLinks) ? DONE : NOT_DONE;
    }
    const by = rules.indexes[index]!;
    let count = 0;
    for (let row = rules.first(by, key); row !== NOTHING; row = rules.next(by, row)) {
      if (++count > limit) return TOO_MANY;
      if (this.#consider(row, heldLinks)) return DONE;
    }
    return NOT_DONE;
  }

  /** True: the answer is known. The first `heldLinks` links are known to hold. */
  #consider(row: number, heldLinks: number): boolean {
    const effect = this.#effectOf(row);
    if (!this.#matters(effect)) return false;
    const { rules } = this.#rows;
    for (let i = heldLinks; i < this.#links.length; i++) {
      const { field, reached } = this.#links[i]!;
      if (!reached.has(rules.field(row, field))) return false;
    }
    this.#row = row;
    if (!this.#holds(this.#plan.perRow, effect === DENY)) return false;
    return this.#count(row, effect);
  }

  #scan(): void {
    const { all } = this.#plan;
    this.#rows.rules.someRow((row) => {
      const effect = this.#effectOf(row);
      if (!this.#matters(effect)) return false;
      this.#row = row;
      return this.#holds(all, effect === DENY) && this.#count(row, effect);
    });
  }

  /** Whether all hold; `ifFailed` where none is false but some threw. */
  #holds(conditions: readonly Condition[], ifFailed: boolean): boolean {
    let failed = this.#onceFailed;
    for (let i = 0; i < conditions.length; i++) {
      try {
        if (!conditions[i]!.holds(this)) return false;
      } catch (error) {
        this.#failed(error);
        failed = true;
      }
    }
    return failed ? ifFailed : true;
  }

  #failed(error: unknown): void {
    this.error ??= error;
  }

  #effectOf(row: number): number {
    if (this.#effectField < 0) return ALLOW;
    const id = this.#rows.rules.field(row, this.#effectField);
    const { allow, deny, none } = this.#effects;
    // Casbin takes a row with an empty effect for one that allows.
    return id === allow || id === none ? ALLOW : id === deny ? DENY : NEITHER;
  }

  /** Whether a match of this effect could still change the answer. */
  #matters(effect: number): boolean {
    if (effect === ALLOW) return this.#effect !== 'NO_DENY' && !this.#allowed;
    return effect === DENY && this.#effect !== 'SOME_ALLOW';
  }

  /** True: no other match can change the answer. */
  #count(row: number, effect: number): boolean {
    if (effect === DENY) {
      this.denyingRow = row;
      return true;
    }
    this.#allowed = true;
    this.allowingRow = row;
    return this.#effect === 'SOME_ALLOW';
  }
}

const ALLOW = 1;
const DENY = 2;
const NEITHER = 3;

const NOT_DONE = 0;
const DONE = 1;
const TOO_MANY = 2;
/** From this many rows of one key on, a narrower index is worth its many lookups. */
const MANY = 16;

const NO_REQUEST: readonly unknown[] = [];
const NO_ROWS = {} as PolicyRows;
