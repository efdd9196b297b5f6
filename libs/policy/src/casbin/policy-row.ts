import { MAX_NAME_LENGTH, type Names } from '../tables/names.js';
import type { Plan } from './plan.js';
import { PolicyError } from './policy-error.js';
import type { Relation } from '../tables/relation.js';

/**
 * A row as Casbin's policy files have it: `p` or the name of a role relation, then one string for
 * each field: `['p', 'alice', 'data1', 'read']`, `['g', 'alice', 'admin']`.
 */
export type PolicyRow = readonly string[];

export interface PolicyChange {
  readonly type: 'add' | 'remove';
  readonly row: PolicyRow;
}

export const RULES = -1;

/** Throws a PolicyError for a row that the model has no place for. */
export function checkRow({ model }: Plan, row: PolicyRow, index: number): void {
  const isArray: boolean = Array.isArray(row);
  if (!isArray) throw PolicyError.inRow('not an array of strings', index);
  for (const value of row) {
    if (typeof value !== 'string') throw PolicyError.inRow('a field is not a string', index);
    if (value.length > MAX_NAME_LENGTH) {
      throw PolicyError.inRow(`a field is longer than ${MAX_NAME_LENGTH} characters`, index);
    }
  }
  const [name] = row;
  const relation = model.relations.get(name!);
  if (relation === undefined && name !== 'p') {
    throw PolicyError.inRow(`${JSON.stringify(name)} is neither p nor a role relation`, index);
  }
  const expected = relation ? (relation.hasDomain ? 3 : 2) : model.policyFields.length;
  if (row.length !== expected + 1) {
    throw PolicyError.inRow(`${name} has ${expected} fields, not ${row.length - 1}`, index);
  }
}

/** The place of a role relation in `PolicyRows.roles`, or RULES. */
export function relationNumber({ model }: Plan, name: string): number {
  return [...model.relations.keys()].indexOf(name);
}

export function changeRow(
  relation: Relation,
  names: Names,
  type: PolicyChange['type'],
  row: PolicyRow,
): void {
  const ids = new Int32Array(row.length - 1);
  if (type === 'add') {
    for (let i = 0; i < ids.length; i++) ids[i] = names.intern(row[i + 1]!);
    relation.add(ids);
  } else {
    // A name that is not known yet is in no row: its id, NOTHING, is found nowhere.
    for (let i = 0; i < ids.length; i++) ids[i] = names.idOf(row[i + 1]!);
    relation.remove(ids);
  }
}
