import { MAX_NAME_LENGTH } from '../tables/names.js';

/** Throws the error of a problem at an offset of the matcher. */
export type Fail = (problem: string, offset: number) => never;

export interface Token {
  readonly type: 'name' | 'string' | 'number' | 'symbol' | 'end';
  /** A name with its dots (`r.sub`), the symbol, the text of a string or number. */
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The tokens of a matcher, closed by one of type `end`. */
export function readTokens(text: string, fail: Fail): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  while (at < text.length) {
    if (take(/\s/y) !== undefined) {
      at += 1;
      continue;
    }
    const quote = text[at]!;
    if (quote === '"' || quote === "'") {
      const token = stringAt(text, at, fail);
      tokens.push(token);
      at = token.to;
      continue;
    }
    const name = take(/[\p{L}_$][\p{L}\p{N}_$]*(?:\.[\p{L}_$][\p{L}\p{N}_$]*)*/uy);
    const number = take(/(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y);
    // The longest first; those that are not supported are read too, so that they can be named.
    const symbol = take(/===|!==|>>>|&&|\|\||==|!=|<=|>=|<<|>>|[-+*/%!<>(),|&^~?:[\]=.]/y);
    const found = name ?? number ?? symbol;
    if (found === undefined) return fail(`unexpected ${JSON.stringify(quote)}`, at);
    const type = name !== undefined ? 'name' : number !== undefined ? 'number' : 'symbol';
    tokens.push({ type, text: found, from: at, to: at + found.length });
    at += found.length;
  }
  tokens.push({ type: 'end', text: 'the end', from: at, to: at });
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\x0B' },
};

function stringAt(text: string, from: number, fail: Fail): Token {
  const quote = text[from]!;
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const unit = text[at]!;
    if (unit === quote) {
      const raw = text.slice(from, at + 1);
      // node-casbin rewrites these before it parses, so they would not mean what they say.
      if (quote === "'" ? /[()\s|&,=!><+\-*/'][rp]\d*\./.test(raw) : /\$[$&`'<\d]/.test(raw)) {
        fail('a string that Casbin would rewrite', from);
      }
      if (value.length > MAX_NAME_LENGTH) {
        fail(`a string longer than ${MAX_NAME_LENGTH} characters`, from);
      }
      return { type: 'string', text: value, from, to: at + 1 };
    }
    if (unit === '\\') {
      at += 1;
      value += ESCAPES[text.charAt(at)] ?? text.charAt(at);
    } else {
      value += unit;
    }
  }
  return fail('a string without its end', from);
}
