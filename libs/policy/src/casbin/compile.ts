import { ruleIndexes } from './access-path.js';
import { BUILT_IN_FUNCTIONS, type PolicyFunction } from './built-in-functions.js';
import { CompiledPolicy } from './compiled-policy.js';
import { readModel, type Model } from './model.js';
import { Names } from '../tables/names.js';
import { planFor } from './plan.js';
import { PolicyError } from './policy-error.js';
import { changeRow, checkRow, type PolicyRow } from './policy-row.js';
import { roleIndexes } from '../tables/reached.js';
import { Relation, type Columns } from '../tables/relation.js';

export interface PolicySource {
  /** The text of a Casbin model (https://casbin.org/docs/syntax-for-models). */
  readonly model: string;
  readonly policies: Iterable<PolicyRow>;
  /** What the matcher may call beside Casbin's own functions. Pure and synchronous. */
  readonly functions?: Readonly<Record<string, PolicyFunction>>;
}

/**
 * Compiles a Casbin model and its rows. Of Casbin's language it takes request, policy, effect and
 * matcher, role relations with and without domains (of any depth, cycles included), and conditions
 * of operators, literals and functions. Throws a PolicyError, with its place, for anything else:
 * what compiles is answered as Casbin answers it.
 */
export function compile({ model: text, policies, functions = {} }: PolicySource): CompiledPolicy {
  const model = readModel(text);
  const plan = planFor(model, callables(model, functions));
  const names = new Names();
  const rules = Relation.empty(whole(model.policyFields.length), ruleIndexes(plan), FIRST_EDIT);
  const roles = new Map(
    Array.from(model.relations, ([name, { hasDomain }]) => [
      name,
      Relation.empty(whole(hasDomain ? 3 : 2), roleIndexes(hasDomain), FIRST_EDIT),
    ]),
  );
  let index = 0;
  for (const row of policies) {
    checkRow(plan, row, index++);
    changeRow(roles.get(row[0]!) ?? rules, names, 'add', row);
  }
  const lineage = { plan, names, searches: [], nextEdit: FIRST_EDIT + 1 };
  return new CompiledPolicy(lineage, { rules, roles: [...roles.values()] });
}

const FIRST_EDIT = 1;

/** Casbin's rows are told apart by all that they say. */
function whole(fieldCount: number): Columns {
  return { fieldCount, keyCount: fieldCount };
}

function callables(
  model: Model,
  own: NonNullable<PolicySource['functions']>,
): ReadonlyMap<string, PolicyFunction> {
  for (const name of Object.keys(own)) {
    // Casbin lets its own function win in silence, and a relation win over both.
    if (BUILT_IN_FUNCTIONS.has(name) || model.relations.has(name)) {
      throw PolicyError.inFunctions(`${name} is a name that the model has already`);
    }
  }
  return new Map([...BUILT_IN_FUNCTIONS, ...Object.entries(own)]);
}
