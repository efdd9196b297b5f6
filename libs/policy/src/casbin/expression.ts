/** A matcher, parsed. `from` and `to` are the offsets in its text between which a part stands. */
export type Expression = { readonly from: number; readonly to: number } & (
  | { readonly type: 'literal'; readonly value: string | number | boolean }
  /** A field of the request (`r.sub`), by its place in the request definition. */
  | { readonly type: 'request'; readonly field: number }
  /** A field of a policy row (`p.sub`), by its place in the policy definition. */
  | { readonly type: 'policy'; readonly field: number }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expression[] }
  /** `&&` and `||` of two or more. */
  | { readonly type: 'all' | 'any'; readonly operands: readonly Expression[] }
  | { readonly type: 'not' | 'negate'; readonly operand: Expression }
  | {
      readonly type: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
);

export type BinaryOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

/** The parts an expression is made of, one step down. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.type) {
    case 'literal':
    case 'request':
    case 'policy':
      return [];
    case 'call':
      return expression.args;
    case 'all':
    case 'any':
      return expression.operands;
    case 'not':
    case 'negate':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
  }
}

export function usesPolicy(expression: Expression): boolean {
  return expression.type === 'policy' || partsOf(expression).some(usesPolicy);
}
