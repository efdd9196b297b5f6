import { asText, MISSING_FUNCTIONS, textOf, type PolicyFunction } from './built-in-functions.js';
import type { BinaryOperator, Expression } from './expression.js';
import type { Model } from './model.js';

/** What an expression is evaluated over: one request and one row. */
export interface EvaluationContext {
  readonly request: readonly unknown[];
  /** A field of the row. */
  rowText(field: number): string;
  /** Whether the relation leads from one name to the other; always true for equal names. */
  isLinked(relation: string, from: string, to: string, domain: string | undefined): boolean;
}

export type Evaluate<T> = (context: EvaluationContext) => T;

/** What is known of a value before it is there. */
type ValueType = 'boolean' | 'string' | 'number' | 'unknown';

interface Compiled {
  readonly type: ValueType;
  readonly evaluate: Evaluate<unknown>;
}

/**
 * Compiles conditions of one model to closures. Values are compared and calculated with as
 * node-casbin does, which is as JavaScript does; but what stands where a condition must is `true`
 * or `false`, or its evaluation throws a TypeError. What cannot be right for any request throws a
 * PolicyError here.
 */
export class ExpressionCompiler {
  constructor(
    private readonly model: Model,
    private readonly functions: ReadonlyMap<string, PolicyFunction>,
  ) {}

  condition(expression: Expression): Evaluate<boolean> {
    const { type, evaluate } = this.#compile(expression);
    if (type === 'boolean') return evaluate as Evaluate<boolean>;
    const text = this.model.matcherText.slice(expression.from, expression.to);
    if (type !== 'unknown') {
      throw this.model.matcherError(`${text} is a ${type}, not a condition`, expression.from);
    }
    return (context) => {
      const value = evaluate(context);
      if (typeof value !== 'boolean') throw new TypeError(`${text} is neither true nor false`);
      return value;
    };
  }

  /** How a call of a role relation gets its arguments: as Casbin's role managers read them. */
  relationCall(expression: Expression & { type: 'call' }): {
    relation: string;
    args: readonly Expression[];
  } {
    const { name, args, from } = expression;
    const expected = this.model.relations.get(name)!.hasDomain ? 3 : 2;
    if (args.length !== expected) {
      throw this.model.matcherError(`${name} takes ${expected} arguments`, from);
    }
    return { relation: name, args };
  }

  #compile(expression: Expression): Compiled {
    switch (expression.type) {
      case 'literal': {
        const { value } = expression;
        return { type: typeof value as ValueType, evaluate: () => value };
      }
      case 'request': {
        const { field } = expression;
        return { type: 'unknown', evaluate: ({ request }) => request[field] };
      }
      case 'policy': {
        const { field } = expression;
        return { type: 'string', evaluate: (context) => context.rowText(field) };
      }
      case 'not': {
        const operand = this.condition(expression.operand);
        return { type: 'boolean', evaluate: (context) => !operand(context) };
      }
      case 'negate': {
        const { evaluate } = this.#compile(expression.operand);
        return { type: 'number', evaluate: (context) => -(evaluate(context) as number) };
      }
      case 'all': {
        const operands = expression.operands.map((operand) => this.condition(operand));
        return { type: 'boolean', evaluate: (context) => operands.every((each) => each(context)) };
      }
      case 'any': {
        const operands = expression.operands.map((operand) => this.condition(operand));
        return { type: 'boolean', evaluate: (context) => operands.some((each) => each(context)) };
      }
      case 'binary':
        return this.#binary(expression);
      case 'call':
        return this.model.relations.has(expression.name)
          ? this.#relation(expression)
          : this.#call(expression);
    }
  }

  #binary({ operator, left, right }: Expression & { type: 'binary' }): Compiled {
    const [a, b] = [this.#compile(left).evaluate, this.#compile(right).evaluate];
    const apply = OPERATORS[operator];
    const type = COMPARISONS.has(operator) ? 'boolean' : operator === '+' ? 'unknown' : 'number';
    return { type, evaluate: (context) => apply(a(context) as number, b(context) as number) };
  }

  #relation(expression: Expression & { type: 'call' }): Compiled {
    const { relation, args } = this.relationCall(expression);
    const [from, to, domain] = args.map((arg) => this.#compile(arg).evaluate);
    return {
      type: 'boolean',
      evaluate: (context) =>
        context.isLinked(
          relation,
          textOf(from!(context)),
          textOf(to!(context)),
          domain === undefined ? undefined : domainText(domain(context)),
        ),
    };
  }

  #call({ name, args, from }: Expression & { type: 'call' }): Compiled {
    const call = this.functions.get(name);
    if (call === undefined) {
      const why = MISSING_FUNCTIONS.has(name) ? 'supported' : 'defined';
      throw this.model.matcherError(`the function ${name} is not ${why}`, from);
    }
    const values = args.map((arg) => this.#compile(arg).evaluate);
    return {
      type: 'unknown',
      evaluate: (context) => call(...values.map((value) => value(context))),
    };
  }
}

/** A request without a domain is a mistake, never a domain of its own. */
export function domainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) throw new TypeError('a domain is missing');
  return asText(value);
}

const COMPARISONS: ReadonlySet<BinaryOperator> = new Set(['==', '!=', '<', '<=', '>', '>=']);

// The types say number; the values are whatever request and rows hold, and JavaScript converts them.
const OPERATORS: Readonly<Record<BinaryOperator, (a: number, b: number) => unknown>> = {
  // INVARIANT: loosely equal, as in node-casbin: the number 7 of a request is the "7" of a row.
  '==': (a, b) => a == b,
  '!=': (a, b) => a != b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
};
