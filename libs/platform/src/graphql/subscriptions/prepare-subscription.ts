import {
  getOperationAST,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  type ExecutionArgs,
  type GraphQLSchema,
  type ValidationRule,
} from 'graphql';
import { invalidRequest } from '../../errors/describe-error.js';
import { knownOperations } from '../known-operations.js';
import { MAX_QUERY_COST, MAX_QUERY_TOKENS, QUERY_LIMITS } from '../limits.js';
import { refuseCostly } from '../query-cost.js';
import { findExceeded } from '../query-limits.js';

/** What a client sends to subscribe. */
export interface SubscribeRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

const RULES: readonly ValidationRule[] = [
  ...specifiedRules,
  knownOperations,
  NoSchemaIntrospectionCustomRule,
];

/**
 * What is to be executed, within the limits that operations over HTTP are held to, or why it is not.
 * Nothing but subscriptions comes over a socket: queries and mutations are requests, which are counted,
 * logged and refused as such.
 */
export function prepareSubscription(
  schema: GraphQLSchema,
  { query, operationName, variables }: SubscribeRequest,
): ExecutionArgs | readonly GraphQLError[] {
  try {
    const document = parse(query, { maxTokens: MAX_QUERY_TOKENS });
    // Before anything is validated, which takes long for what is past the limits.
    const exceeded = findExceeded(document, QUERY_LIMITS);
    if (exceeded.length > 0) return exceeded.map(refusalOf);
    const errors = validate(schema, document, RULES, { hideSuggestions: true });
    if (errors.length > 0) return errors.map(refusalOf);
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return [refusal(NO_SUBSCRIPTION)];
    const variableValues = variables ?? {};
    refuseCostly({ schema, document, operation, variables: variableValues }, MAX_QUERY_COST);
    return { schema, document, operationName, variableValues };
  } catch (error) {
    if (error instanceof GraphQLError) return [error.originalError ? error : refusalOf(error)];
    throw error;
  }
}

const NO_SUBSCRIPTION =
  'Only a single subscription can be asked for here: queries and mutations go over HTTP.';

function refusal(message: string): GraphQLError {
  return new GraphQLError(message, { originalError: invalidRequest(message) });
}

/** What graphql-js says about an operation is the client's to mend. */
export function refusalOf(error: GraphQLError): GraphQLError {
  const { nodes, source, positions, path } = error;
  const originalError = invalidRequest(error.message);
  return new GraphQLError(error.message, { nodes, source, positions, path, originalError });
}
