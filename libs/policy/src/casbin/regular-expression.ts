import { RE2JS } from 're2js';

/**
 * Whether the text has a part that the expression matches, in time linear in the text, whatever the
 * expression: RE2 (https://github.com/google/re2/wiki/Syntax) answers for JavaScript's RegExp.
 * Throws a SyntaxError for what the two do not read alike or what is too large, and a RangeError
 * where expression and text together would take too long.
 */
export function matches(expression: string, text: string): boolean {
  const compiled = compiledOf(expression);
  if (compiled instanceof Error) throw compiled;
  if (compiled.programSize() * text.length > MAX_STEPS) {
    throw new RangeError(`${text.length} characters are too many to match ${expression}`);
  }
  return compiled.test(text);
}

/** About 0.1 µs each, where every step needs a new state. */
const MAX_STEPS = 1_000_000;

/** Compiled once, and refused once. Bounded, because rows can be changed without end. */
const known = new Map<string, RE2JS | SyntaxError>();
const MAX_KNOWN = 500;

function compiledOf(expression: string): RE2JS | SyntaxError {
  const before = known.get(expression);
  if (before !== undefined) return before;
  if (sizeOf(expression) > MAX_SIZE) return new SyntaxError('a regular expression is too large');
  const compiled = compile(expression);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(expression, compiled);
  return compiled;
}

function compile(expression: string): RE2JS | SyntaxError {
  try {
    // Parsed, never run. `^*` means something to RE2, and would match everything.
    new RegExp(expression);
    if (DIVERGENT.test(expression.replaceAll('\\\\', ''))) throw new SyntaxError('ambiguous');
    return RE2JS.compile(expression);
  } catch (cause) {
    return new SyntaxError(
      `${JSON.stringify(expression)} is not a regular expression of both RE2 and JavaScript`,
      { cause },
    );
  }
}

/**
 * Plain characters to JavaScript, but to RE2 the ends of a text, classes and code points; and `[]`,
 * which is a class of nothing to JavaScript and the beginning of one with a bracket in it to RE2.
 */
const DIVERGENT = /\\(?:[AazQpP]|x\{)|\[[^\]]*\[:|(?<!\\)\[\^?\]/;

const MAX_SIZE = 2_000;
const TOKENS = /\\[^]|\[(?:\\[^]|[^\]\\])*\]|\{(\d+),?(\d*)\}|[^]/g;

/**
 * At least about how many instructions an expression of both becomes: repetitions are written out,
 * and a few characters of them would be compiled for seconds before they could be counted.
 */
function sizeOf(expression: string): number {
  if (expression.length > MAX_SIZE) return Infinity;
  const outer: number[] = [];
  let size = 0;
  let last = 0;
  for (const [token, least, most] of expression.matchAll(TOKENS)) {
    if (token === '(') {
      outer.push(size);
      size = last = 0;
    } else if (token === ')') {
      last = size + 2;
      size = (outer.pop() ?? 0) + last;
    } else if (least !== undefined) {
      const times = Math.max(Number(least), Number(most));
      size += last * times;
    } else {
      size += 1;
      last = 1;
    }
  }
  return size;
}
