import type { Names } from '../tables/names.js';
import {
  compileCondition,
  type CompiledCondition,
  type ConditionOutcome,
  type ConditionVariables,
} from './compile-condition.js';
import { ConditionError } from './condition-error.js';

/** About what a compiled condition takes. */
const BYTES_EACH = 8_192;

/**
 * The conditions of a tenant by the id of their text, each compiled when it is first asked for. Of
 * no more than {@link CAPACITY}: a tenant with more pays for it with time, and gets the same answers.
 */
export class Conditions {
  static readonly CAPACITY = 1_000;
  readonly #names: Names;
  readonly #compiled = new Map<number, CompiledCondition>();

  constructor(names: Names) {
    this.#names = names;
  }

  get bytes(): number {
    return this.#compiled.size * BYTES_EACH;
  }

  outcome(textId: number, variables: () => ConditionVariables): ConditionOutcome {
    return this.#compiledOf(textId)(variables);
  }

  #compiledOf(textId: number): CompiledCondition {
    const known = this.#compiled.get(textId);
    if (known !== undefined) return known;
    if (this.#compiled.size === Conditions.CAPACITY) this.#compiled.clear();
    const compiled = compiledOrBroken(this.#names.textOf(textId));
    this.#compiled.set(textId, compiled);
    return compiled;
  }
}

/** INVARIANT: a text that is no condition is one that cannot be told, never one that is not there. */
function compiledOrBroken(text: string): CompiledCondition {
  try {
    return compileCondition(text);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    const outcome: ConditionOutcome = { is: 'ERROR', problem: error.message };
    return () => outcome;
  }
}
