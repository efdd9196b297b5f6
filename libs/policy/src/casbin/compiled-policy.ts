import { describePlan } from './describe-plan.js';
import { NOTHING } from '../tables/hash-pages.js';
import type { Names } from '../tables/names.js';
import type { Plan } from './plan.js';
import {
  changeRow,
  checkRow,
  relationNumber,
  RULES,
  type PolicyChange,
  type PolicyRow,
} from './policy-row.js';
import type { Relation } from '../tables/relation.js';
import { Search, type PolicyRows } from './search.js';

export interface Enforcement {
  readonly allowed: boolean;
  /**
   * A rule that decides: one that allows, or one that denies. undefined when no rule does: a no for
   * want of an allow, a yes for want of a deny, or an answer that does not depend on rules.
   */
  readonly rule: PolicyRow | undefined;
  /** The first thing that was thrown on the way. For the log, never for the caller. */
  readonly error: unknown;
}

/**
 * A Casbin model and its rows, compiled for answering. Immutable: `apply` makes the next version
 * and leaves this one as it is; the two share all that is the same in both.
 *
 * Rows are a set: what is added twice is there once. Their order means nothing.
 */
export class CompiledPolicy {
  readonly #lineage: Lineage;
  readonly #rows: PolicyRows;

  /** Made by `compile` and `apply`. */
  constructor(lineage: Lineage, rows: PolicyRows) {
    this.#lineage = lineage;
    this.#rows = rows;
  }

  /**
   * Whether the request, its values in the order of the request definition, is allowed. Never
   * throws: a request of another length is denied; a rule whose evaluation throws allows nothing,
   * and denies if it is a deny.
   */
  enforce(...request: readonly unknown[]): boolean {
    const { searches } = this.#lineage;
    // A function of the model's may enforce in its turn: each depth has a search of its own.
    const search = searches.pop() ?? newSearch(this.#lineage);
    const allowed = search.run(this.#rows, request);
    search.release();
    searches.push(search);
    return allowed;
  }

  /** The same answer, with a rule that decides. */
  enforceEx(...request: readonly unknown[]): Enforcement {
    const { searches } = this.#lineage;
    const search = searches.pop() ?? newSearch(this.#lineage);
    const allowed = search.run(this.#rows, request);
    const row = allowed ? search.allowingRow : search.denyingRow;
    const { error } = search;
    search.release();
    searches.push(search);
    const rule = row === NOTHING ? undefined : this.#read('p', this.#rows.rules, row);
    return { allowed, rule, error };
  }

  /** The answers to many requests, in their order. */
  batchEnforce(requests: readonly (readonly unknown[])[]): boolean[] {
    return requests.map((request) => this.enforce(...request));
  }

  /** How requests are answered, in words. */
  plan(): string {
    return describePlan(this.#lineage.plan);
  }

  /** Every row once, in no particular order. */
  rows(): PolicyRow[] {
    const { plan } = this.#lineage;
    const all = [
      ['p', this.#rows.rules] as const,
      ...[...plan.model.relations.keys()].map((name, i) => [name, this.#rows.roles[i]!] as const),
    ];
    return all.flatMap(([name, relation]) => {
      const rows: PolicyRow[] = [];
      relation.someRow((row) => {
        rows.push(this.#read(name, relation, row));
        return false;
      });
      return rows;
    });
  }

  /**
   * The next version: the changes in their order. Adding what is there and removing what is not
   * change nothing. Takes time for the changes, whatever the size of the policy. Throws a
   * PolicyError that names the first change that cannot be made; this version stays as it was.
   */
  apply(changes: readonly PolicyChange[]): CompiledPolicy {
    const { plan, names } = this.#lineage;
    changes.forEach(({ row }, index) => checkRow(plan, row, index));
    const edit = this.#lineage.nextEdit++;
    const next = { rules: this.#rows.rules, roles: [...this.#rows.roles] };
    const forked = new Set<string>();
    for (const { type, row } of changes) {
      const [name] = row;
      const number = relationNumber(plan, name!);
      let relation = number === RULES ? next.rules : next.roles[number]!;
      if (!forked.has(name!)) {
        relation = relation.fork(edit);
        forked.add(name!);
        if (number === RULES) next.rules = relation;
        else next.roles[number] = relation;
      }
      changeRow(relation, names, type, row);
    }
    return new CompiledPolicy(this.#lineage, next);
  }

  #read(name: string, relation: Relation, row: number): PolicyRow {
    const fields = Array.from({ length: relation.fieldCount }, (_, field) =>
      this.#lineage.names.textOf(relation.field(row, field)),
    );
    return [name, ...fields];
  }
}

/** What all versions of a policy have in common. Nothing in it changes an answer of any of them. */
export interface Lineage {
  readonly plan: Plan;
  readonly names: Names;
  /** Searches that are not answering. */
  readonly searches: Search[];
  /** Every change of a policy has a number of its own, and so knows which pages it may write to. */
  nextEdit: number;
}

function newSearch({ plan, names }: Lineage): Search {
  return new Search(plan, names);
}
