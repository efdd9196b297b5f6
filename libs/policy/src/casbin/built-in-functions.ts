import { expressionOfBraces, expressionOfColons } from './key-pattern.js';
import { matches } from './regular-expression.js';

/** A function that a matcher may call. What it throws makes the evaluation fail. */
export type PolicyFunction = (...args: readonly unknown[]) => unknown;

/**
 * Casbin's own functions (https://casbin.org/docs/function), answering as node-casbin does, its
 * treatment of what is not a string included, where JavaScript's regular expressions and RE2's
 * mean the same. A pattern that is not RE2 throws.
 */
export const BUILT_IN_FUNCTIONS: ReadonlyMap<string, PolicyFunction> = new Map([
  ['keyMatch', ofTexts(keyMatch)],
  ['keyGet', ofTexts(keyGet)],
  ['keyMatch2', ofTexts(keyMatch2)],
  ['keyMatch3', ofTexts(keyMatch3)],
  ['keyMatch5', ofTexts((key, pattern) => keyMatch3(key.split('?', 1)[0]!, pattern))],
  ['regexMatch', ofTexts((text, pattern) => matches(pattern, text))],
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
  return asText(value || '');
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
  const expression = expressionOfColons(pattern);
  return matches(`^${expression === '*' ? '(.*)' : expression}$`, key);
}

function keyMatch3(key: string, pattern: string): boolean {
  return matches(`^${expressionOfBraces(pattern)}$`, key);
}
