import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { PinoLogger } from 'nestjs-pino';
import { currentRequest } from '../http/request-context.js';
import { describeError, invalidRequest } from './describe-error.js';

/** What Apollo says about a request that never came to be executed: the client's to mend. */
const REQUEST_ERRORS: ReadonlySet<unknown> = new Set(
  Object.values(ApolloServerErrorCode).filter(
    (code) => code !== ApolloServerErrorCode.INTERNAL_SERVER_ERROR,
  ),
);

/**
 * Renders every error of a GraphQL answer as `message` and `extensions: { code, details, requestId }`
 * with a catalogued code. Faults are logged with their stack and told apart by the request id alone.
 */
export function graphqlErrorFormatter(logger: Pick<PinoLogger, 'error'>) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { answer, isFault } = REQUEST_ERRORS.has(formatted.extensions?.code)
      ? { answer: invalidRequest(formatted.message), isFault: false }
      : describeError(originOf(error));
    if (isFault)
      logger.error({ err: originOf(error), path: formatted.path }, 'GraphQL operation failed');

    return {
      message: answer.message,
      ...(formatted.locations !== undefined && { locations: formatted.locations }),
      ...(formatted.path !== undefined && { path: formatted.path }),
      extensions: {
        code: answer.code,
        ...(answer.details !== undefined && { details: answer.details }),
        requestId: currentRequest()?.requestId,
      },
    };
  };
}

/** What was thrown, below the layers graphql-js wraps around it. */
export function originOf(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError !== undefined
    ? originOf(error.originalError)
    : error;
}
