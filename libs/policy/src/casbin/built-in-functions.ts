/** A function that a matcher may call. What it throws makes the evaluation fail. */
export type PolicyFunction = (...args: readonly unknown[]) => unknown;

/**
 * Casbin's own functions (https://casbin.org/docs/function), answering as node-casbin does, its
 * treatment of what is not a string included. A pattern that is not a regular expression throws.
 */
export const BUILT_IN_FUNCTIONS: ReadonlyMap<string, PolicyFunction> = new Map([
  ['keyMatch', ofTexts(keyMatch)],
  ['keyGet', ofTexts(keyGet)],
  ['keyMatch2', ofTexts(keyMatch2)],
  ['keyMatch3', ofTexts(keyMatch3)],
  ['keyMatch5', ofTexts((key, pattern) => keyMatch3(key.split('?', 1)[0]!, pattern))],
  ['regexMatch', ofTexts((text, pattern) => regExpOf(pattern).test(text))],
]);

/** Known to Casbin, but not here: named in the error, so that nobody looks for a misspelling. */
export const MISSING_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['keyGet2', 'keyMatch4', 'ipMatch', 'globMatch', 'eval'],
]);

function ofTexts(match: (key: string, pattern: string) => unknown): PolicyFunction {
  return (key, pattern) => match(textOf(key), textOf(pattern));
}

/** How Casbin's functions and role relations read an argument. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : asText(value || '');
}

/** As `toString` has it, which an object of the caller's may define. */
export function asText(value: unknown): string {
  return (value as { toString(): string }).toString();
}

function keyMatch(key: string, pattern: string): boolean {
  const star = pattern.indexOf('*');
  if (star === -1) return key === pattern;
  return key.slice(0, star) === pattern.slice(0, star);
}

function keyGet(key: string, pattern: string): string {
  const star = pattern.indexOf('*');
  return star !== -1 && keyMatch(key, pattern) ? key.slice(star) : '';
}

function keyMatch2(key: string, pattern: string): boolean {
  const expression = withParameters(pattern, '/:', /(.*):[^/]+(.*)/g);
  return regExpOf(`^${expression === '*' ? '(.*)' : expression}$`).test(key);
}

function keyMatch3(key: string, pattern: string): boolean {
  return regExpOf(`^${withParameters(pattern, '/{', /(.*){[^/]+}(.*)/g)}$`).test(key);
}

/** Parameters become `[^/]+`. Where node-casbin would look for the end of one for ever, it throws. */
function withParameters(pattern: string, opening: string, parameter: RegExp): string {
  let expression = pattern.replace(/\/\*/g, '/.*');
  while (expression.includes(opening)) {
    const next = expression.replace(parameter, '$1[^/]+$2');
    if (next === expression) throw new SyntaxError(`${pattern} has an unfinished parameter`);
    expression = next;
  }
  return expression;
}

/** Patterns are few and asked again and again; bounded, because rows can be changed without end. */
const compiled = new Map<string, RegExp>();
const MAX_COMPILED = 1_000;

function regExpOf(source: string): RegExp {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const expression = new RegExp(source);
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(source, expression);
  return expression;
}
