import type { BinaryOperator, Expression } from './expression.js';
import { readTokens, type Fail, type Token } from './tokens.js';

/** The names that a matcher may use. */
export interface MatcherScope {
  readonly requestFields: readonly string[];
  readonly policyFields: readonly string[];
}

/**
 * Parses a matcher by precedence climbing, with the precedences of node-casbin's parser (those of
 * JavaScript). Whatever is not understood goes to `fail`, with where it stands.
 */
export function parseMatcher(text: string, scope: MatcherScope, fail: Fail): Expression {
  const parser = new MatcherParser(readTokens(text, fail), scope, fail);
  return parser.whole();
}

type Operator = BinaryOperator | '&&' | '||';

const PRECEDENCES: Readonly<Record<Operator, number>> = {
  ...{ '||': 1, '&&': 2, '==': 6, '!=': 6, '<': 7, '<=': 7, '>': 7, '>=': 7 },
  ...{ '+': 9, '-': 9, '*': 10, '/': 10, '%': 10 },
};

/** Of brackets, calls and chains of operators within each other; what walks the tree recurses. */
const MAX_DEPTH = 200;

class MatcherParser {
  #next = 0;
  #depth = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly scope: MatcherScope,
    private readonly fail: Fail,
  ) {}

  whole(): Expression {
    const expression = this.#operation(0);
    const { type, text, from } = this.#peek();
    if (type !== 'end') this.fail(`${JSON.stringify(text)} is not supported here`, from);
    return expression;
  }

  #operation(precedence: number): Expression {
    this.#deeper();
    let left = this.#operand();
    let chained = 0;
    for (;;) {
      const operator = operatorOf(this.#peek());
      if (operator === undefined || PRECEDENCES[operator] <= precedence) break;
      const { from } = this.#take();
      const right = this.#operation(PRECEDENCES[operator]);
      left = combine(operator, left, right);
      if (left.type === 'binary' && ++chained > MAX_DEPTH) this.fail('too long', from);
    }
    this.#depth -= 1;
    return left;
  }

  #operand(): Expression {
    const token = this.#take();
    const { type, text, from, to } = token;
    if (type === 'string') return { type: 'literal', value: text, from, to };
    if (type === 'number') return { type: 'literal', value: Number(text), from, to };
    if (type === 'name') return this.#named(token);
    if (text === '!' || text === '-') {
      this.#deeper();
      const operand = this.#operand();
      this.#depth -= 1;
      return { type: text === '!' ? 'not' : 'negate', operand, from, to: operand.to };
    }
    if (text === '(') {
      const inner = this.#operation(0);
      return { ...inner, from, to: this.#expect(')').to };
    }
    return this.fail(`${JSON.stringify(text)} is not supported here`, from);
  }

  #named({ text, from, to }: Token): Expression {
    if (text === 'true' || text === 'false') {
      return { type: 'literal', value: text === 'true', from, to };
    }
    if (this.#peek().text === '(' && this.#peek().type === 'symbol') return this.#call(text, from);
    const [owner, name, ...rest] = text.split('.');
    const fields =
      owner === 'r' ? this.scope.requestFields : owner === 'p' ? this.scope.policyFields : [];
    const field = fields.indexOf(name!);
    if (field === -1) return this.fail(`${text} is not defined`, from);
    if (rest.length > 0) return this.fail(`members of a field (${text}) are not supported`, from);
    return { type: owner === 'r' ? 'request' : 'policy', field, from, to };
  }

  #call(name: string, from: number): Expression {
    this.#take();
    const args: Expression[] = [];
    while (this.#peek().text !== ')' || args.length > 0) {
      args.push(this.#operation(0));
      if (this.#peek().text !== ',') break;
      this.#take();
    }
    return { type: 'call', name, args, from, to: this.#expect(')').to };
  }

  #deeper(): void {
    if (++this.#depth > MAX_DEPTH) this.fail('nested too deeply', this.#peek().from);
  }

  #peek(): Token {
    return this.tokens[this.#next]!;
  }

  #take(): Token {
    return this.tokens[this.#next++]!;
  }

  #expect(text: string): Token {
    const token = this.#take();
    if (token.type !== 'symbol' || token.text !== text) {
      this.fail(`${text} expected, not ${JSON.stringify(token.text)}`, token.from);
    }
    return token;
  }
}

function operatorOf({ type, text }: Token): Operator | undefined {
  return type === 'symbol' && Object.hasOwn(PRECEDENCES, text) ? (text as Operator) : undefined;
}

/** Chains of `&&` and of `||` become one expression with many operands. */
function combine(operator: Operator, left: Expression, right: Expression): Expression {
  const { from } = left;
  const { to } = right;
  if (operator !== '&&' && operator !== '||') {
    return { type: 'binary', operator, left, right, from, to };
  }
  const type = operator === '&&' ? 'all' : 'any';
  const operands = left.type === type ? [...left.operands, right] : [left, right];
  return { type, operands, from, to };
}
