import { Environment, type ASTNode, type ASTOperator } from '@marcbachmann/cel-js';
import { ConditionError } from './condition-error.js';

/** How large a condition may be. */
export const CONDITION_LIMITS = {
  /** UTF-16 code units. */
  length: 1_000,
  /** Operators, names, literals and calls. */
  nodes: 200,
  /** Parentheses and operators within one another. */
  depth: 24,
  listElements: 64,
} as const;

/** What conditions may look at, and the fields where they are known; undefined: whatever was sent. */
export const CONDITION_VARIABLES: Readonly<Record<string, readonly string[] | undefined>> = {
  principal: ['id', 'kind', 'properties'],
  action: ['permission', 'properties'],
  scope: ['id', 'type'],
  resource: ['type', 'id', 'properties'],
  context: undefined,
};

/** What conditions may call, as a function or as a method of a value. */
export const CONDITION_FUNCTIONS = ['has', 'size', 'timestamp', 'duration'] as const;
export const CONDITION_METHODS = ['startsWith', 'endsWith', 'contains', 'size'] as const;

/**
 * What conditions are made of. They compare and do not compute: nothing here makes a value larger
 * than it was given, and nothing goes through a list once more for each element of another. So an
 * evaluation costs no more than the nodes times what was sent, which both have limits. For this
 * `+`, the macros over lists and regular expressions are left out; arithmetic for consistency.
 */
const OPERATORS: ReadonlySet<ASTOperator> = new Set([
  ...(['value', 'id', '.', '[]', 'call', 'rcall', 'list'] as const),
  ...(['?:', '||', '&&', '!_', '-_'] as const),
  ...(['==', '!=', '<', '<=', '>', '>=', 'in'] as const),
]);

/** The language of conditions: CEL (https://cel.dev), of which `refuseUnlisted` lets a part through. */
export const CONDITION_LANGUAGE = Object.keys(CONDITION_VARIABLES).reduce(
  (language, name) => language.registerVariable(name, 'map<string, dyn>'),
  new Environment({
    unlistedVariablesAreDyn: false,
    homogeneousAggregateLiterals: false,
    limits: {
      maxAstNodes: CONDITION_LIMITS.nodes,
      maxDepth: CONDITION_LIMITS.depth,
      maxListElements: CONDITION_LIMITS.listElements,
    },
  }),
);

/**
 * Throws a ConditionError for the first part that conditions may not have.
 * INVARIANT: whatever is not listed is refused, also what a later version of the library adds.
 */
export function refuseUnlisted(node: ASTNode): void {
  if (!OPERATORS.has(node.op)) throw refused(node, `'${node.op}' is not available`);
  switch (node.op) {
    case 'value':
      if (typeof node.args === 'object' && node.args !== null) {
        throw refused(node, 'only texts, numbers, booleans and null may be written here');
      }
      return;
    case 'id':
      if (!Object.hasOwn(CONDITION_VARIABLES, node.args)) {
        throw refused(node, `'${node.args}' is none of ${Object.keys(CONDITION_VARIABLES).join()}`);
      }
      return;
    case '.':
      return refuseUnlistedField(node, ...node.args);
    case 'call':
      return refuseUnlistedCall(node, CONDITION_FUNCTIONS, ...node.args);
    case 'rcall': {
      const [name, receiver, given] = node.args;
      refuseUnlisted(receiver);
      return refuseUnlistedCall(node, CONDITION_METHODS, name, given);
    }
    default:
      return [node.args].flat().forEach((operand) => refuseUnlisted(operand as ASTNode));
  }
}

function refuseUnlistedField(node: ASTNode, of: ASTNode, field: string): void {
  refuseUnlisted(of);
  const fields = of.op === 'id' ? CONDITION_VARIABLES[of.args] : undefined;
  if (fields !== undefined && !fields.includes(field)) {
    throw refused(node, `'${field}' is none of ${fields.join()}`);
  }
}

function refuseUnlistedCall(
  node: ASTNode,
  available: readonly string[],
  name: string,
  given: readonly ASTNode[],
): void {
  if (!available.includes(name)) {
    throw refused(node, `'${name}' is none of ${available.join()}`);
  }
  given.forEach(refuseUnlisted);
}

function refused(node: ASTNode, problem: string): ConditionError {
  return new ConditionError(problem, node.pos);
}
