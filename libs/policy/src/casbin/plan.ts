import type { PolicyFunction } from './built-in-functions.js';
import { ExpressionCompiler, type Evaluate } from './compile-expression.js';
import { usesPolicy, type Expression } from './expression.js';
import type { Model } from './model.js';

/** Where the value that a lookup begins with comes from. */
export type Source =
  | { readonly type: 'request'; readonly field: number }
  | { readonly type: 'literal'; readonly text: string };

/** `p.field == source`: the field of a matching row is known. */
export interface EqualityLookup {
  readonly field: number;
  readonly source: Source;
  readonly condition: Condition;
}

/** `g(source, p.field, domain)`: the field of a matching row is among those that `g` leads to. */
export interface LinkLookup {
  readonly field: number;
  readonly relation: string;
  readonly source: Source;
  readonly domain: Source | undefined;
  readonly condition: Condition;
}

/** One conjunct of the matcher, compiled. */
export interface Condition {
  readonly text: string;
  readonly holds: Evaluate<boolean>;
}

/**
 * How requests are answered: which conjuncts of the matcher find rows and which are evaluated.
 * All of them hold of a row that matches; the order of evaluation is the planner's.
 */
export interface Plan {
  readonly model: Model;
  /** Of the request alone. */
  readonly once: readonly Condition[];
  readonly equalities: readonly EqualityLookup[];
  /** At most one for each field, none for a field of an equality. */
  readonly links: readonly LinkLookup[];
  /** Of the request and a row that the lookups found. */
  readonly perRow: readonly Condition[];
  /** Every conjunct: what a scan evaluates. */
  readonly all: readonly Condition[];
  /** Whether a row has any part in the matcher; if not, no row has one in the answer. */
  readonly usesRows: boolean;
  /** The place of `eft` in a row, or -1: every row allows. */
  readonly effectField: number;
  /**
   * The fields that rows are indexed by, ascending: those of all equalities and of the first link,
   * then of the first two. A first one without fields means that nothing can be looked up.
   */
  readonly indexes: readonly (readonly number[])[];
}

/** Throws a PolicyError for what a matcher cannot mean. */
export function planFor(model: Model, functions: ReadonlyMap<string, PolicyFunction>): Plan {
  const compiler = new ExpressionCompiler(model, functions);
  const { matcher } = model;
  const conjuncts = matcher.type === 'all' ? flatten(matcher.operands) : [matcher];
  const parts = conjuncts.map((expression) => {
    const text = model.matcherText.slice(expression.from, expression.to);
    return { expression, condition: { text, holds: compiler.condition(expression) } };
  });

  const equalities: EqualityLookup[] = [];
  for (const { expression, condition } of parts) {
    const equality = equalityOf(expression);
    if (equality !== undefined && equalities.every(({ field }) => field !== equality.field)) {
      equalities.push({ ...equality, condition });
    }
  }
  const links: LinkLookup[] = [];
  for (const { expression, condition } of parts) {
    const link = linkOf(expression, model, equalities);
    if (
      link !== undefined &&
      [...equalities, ...links].every(({ field }) => field !== link.field)
    ) {
      links.push({ ...link, condition });
    }
  }

  const found = new Set([...equalities, ...links].map(({ condition }) => condition));
  const rest = parts.filter(({ condition }) => !found.has(condition));
  const known = equalities.map(({ field }) => field);
  return {
    model,
    once: rest.filter(({ expression }) => !usesPolicy(expression)).map((part) => part.condition),
    equalities,
    links,
    perRow: rest.filter(({ expression }) => usesPolicy(expression)).map((part) => part.condition),
    all: parts.map(({ condition }) => condition),
    usesRows: usesPolicy(matcher),
    effectField: model.policyFields.indexOf('eft'),
    indexes: indexedLinkCounts(links.length).map((count) =>
      [...known, ...links.slice(0, count).map(({ field }) => field)].sort((a, b) => a - b),
    ),
  };
}

/**
 * Rows are found by the first link, and by the second too where too many share the first.
 * Further links are looked at row by row: each more would multiply the keys to try.
 */
function indexedLinkCounts(links: number): readonly number[] {
  return links < 2 ? [links] : [1, 2];
}

/** `&&` in brackets within `&&` is the same conjunction. */
function flatten(operands: readonly Expression[]): Expression[] {
  return operands.flatMap((operand) =>
    operand.type === 'all' ? flatten(operand.operands) : [operand],
  );
}

function equalityOf(expression: Expression): { field: number; source: Source } | undefined {
  if (expression.type !== 'binary' || expression.operator !== '==') return undefined;
  const { left, right } = expression;
  const [policy, other] = left.type === 'policy' ? [left, right] : [right, left];
  const source = sourceOf(other);
  return policy.type === 'policy' && source ? { field: policy.field, source } : undefined;
}

function linkOf(
  expression: Expression,
  model: Model,
  equalities: readonly EqualityLookup[],
): Omit<LinkLookup, 'condition'> | undefined {
  if (expression.type !== 'call' || !model.relations.has(expression.name)) return undefined;
  // The compiler of expressions has refused any other number of names.
  const [from, to, within] = expression.args as readonly [Expression, Expression, Expression?];
  const source = sourceOf(from);
  if (source === undefined || to.type !== 'policy') return undefined;
  const { name: relation } = expression;
  if (within === undefined) return { relation, field: to.field, source, domain: undefined };
  // A domain that is the row's own is known where an equality fixes it.
  const domain =
    within.type === 'policy'
      ? equalities.find(({ field }) => field === within.field)?.source
      : sourceOf(within);
  return domain && { relation, field: to.field, source, domain };
}

/** undefined: not a plain value, so it has to be evaluated. */
function sourceOf(expression: Expression): Source | undefined {
  if (expression.type === 'request') return { type: 'request', field: expression.field };
  if (expression.type !== 'literal' || typeof expression.value !== 'string') return undefined;
  return { type: 'literal', text: expression.value };
}
