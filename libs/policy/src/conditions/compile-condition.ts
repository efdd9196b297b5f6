import { ParseError, TypeError as CelTypeError, type ParseResult } from '@marcbachmann/cel-js';
import { ConditionError } from './condition-error.js';
import { CONDITION_LANGUAGE, CONDITION_LIMITS, refuseUnlisted } from './condition-language.js';

/**
 * Control characters but line breaks and tabs, lone surrogates, and what reorders text around it, so
 * that a reviewer would read another condition (UTS #39).
 */
const UNPRINTABLE = /[^\P{Cc}\n\t]|[\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;

/** What a condition says to a request. ERROR: it cannot be told, and why. */
export type ConditionOutcome =
  { readonly is: 'TRUE' | 'FALSE' } | { readonly is: 'ERROR'; readonly problem: string };

/** Values by the name of the variable; maps all the way down, as those have no prototype. */
export type ConditionVariables = ReadonlyMap<string, unknown>;

/** A condition to be evaluated as often as one likes. Never throws. */
export type CompiledCondition = (variables: () => ConditionVariables) => ConditionOutcome;

/** Throws a ConditionError, which says where, for a text that is no condition. */
export function compileCondition(text: string): CompiledCondition {
  const program = parse(text);
  return (variables) => {
    try {
      const value: unknown = program(variables());
      if (typeof value === 'boolean') return { is: value ? 'TRUE' : 'FALSE' };
      return { is: 'ERROR', problem: 'it is neither true nor false' };
    } catch (error) {
      return { is: 'ERROR', problem: problemOf(error) };
    }
  };
}

/** Why a text is no condition; undefined: it is one. */
export function flawOfCondition(text: string): ConditionError | undefined {
  try {
    parse(text);
    return undefined;
  } catch (error) {
    if (error instanceof ConditionError) return error;
    throw error;
  }
}

function parse(text: string): ParseResult {
  if (text.length > CONDITION_LIMITS.length) {
    throw new ConditionError(
      `longer than ${CONDITION_LIMITS.length} characters`,
      CONDITION_LIMITS.length,
    );
  }
  const unprintable = text.search(UNPRINTABLE);
  if (unprintable !== -1) {
    throw new ConditionError('no control characters or text direction marks', unprintable);
  }
  const program = parseCel(text);
  refuseUnlisted(program.ast);
  const { valid, type, error } = program.check();
  if (!valid) throw positioned(error);
  if (type !== 'bool' && type !== 'dyn') {
    throw new ConditionError(`expected true or false, found ${type}`, 0);
  }
  return program;
}

function parseCel(text: string): ParseResult {
  try {
    return CONDITION_LANGUAGE.parse(text);
  } catch (error) {
    throw positioned(error);
  }
}

/** Whatever goes wrong with a text is the text's fault. */
function positioned(error: unknown): ConditionError {
  const isPositioned = error instanceof ParseError || error instanceof CelTypeError;
  return new ConditionError(problemOf(error), isPositioned ? (error.range?.start ?? 0) : 0);
}

/** In one line, without the excerpt. */
function problemOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, text.search(/\n|$/)).slice(0, MAX_PROBLEM_LENGTH);
}

const MAX_PROBLEM_LENGTH = 200;
