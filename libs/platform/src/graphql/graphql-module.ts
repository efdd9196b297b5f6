import { HeaderMap } from '@apollo/server';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import type { DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { PinoLogger } from 'nestjs-pino';
import { RequestAuthenticator } from '../auth/request-authenticator.js';
import { describeError } from '../errors/describe-error.js';
import { graphqlErrorFormatter } from '../errors/graphql-error-formatter.js';
import { httpStatusOf } from '../errors/http-status.js';
import { DateTime } from './date-time.scalar.js';
import { knownOperations } from './known-operations.js';
import { limitQueries } from './query-limits.js';

const QUERY_LIMITS = { depth: 15, fields: 1_000, aliases: 50 };

/**
 * Long values belong into variables. The parser recurses: from about 2,000 nested levels on it runs
 * out of stack, and each level takes two tokens.
 */
const MAX_QUERY_TOKENS = 2_000;

export interface GraphqlOptions {
  /** Whether authenticated callers may ask for the schema; off in production. */
  readonly introspection: boolean;
  /** Where to write the schema; by default it is kept in memory. */
  readonly schemaFile?: string;
}

/** What resolvers and guards find as the GraphQL context. */
export interface GraphqlContext {
  readonly req: FastifyRequest;
}

/** GraphQL at `/graphql`, code first, hardened alike in every app. Needs AuthModule and LoggingModule. */
export function graphqlModule({ introspection, schemaFile }: GraphqlOptions): DynamicModule {
  return GraphQLModule.forRootAsync<ApolloDriverConfig>({
    driver: ApolloDriver,
    inject: [RequestAuthenticator, PinoLogger],
    useFactory: (authenticator: RequestAuthenticator, logger: PinoLogger): ApolloDriverConfig => ({
      autoSchemaFile: schemaFile ?? true,
      sortSchema: true,
      buildSchemaOptions: { scalarsMap: [{ type: Date, scalar: DateTime }] },
      introspection,
      hideSchemaDetailsFromClientErrors: !introspection,
      graphiql: false,
      csrfPrevention: true,
      allowBatchedHttpRequests: false,
      includeStacktraceInErrorResponses: false,
      autoTransformHttpErrors: false,
      parseOptions: { maxTokens: MAX_QUERY_TOKENS },
      validationRules: [limitQueries(QUERY_LIMITS), knownOperations],
      formatError: graphqlErrorFormatter(logger),
      context: (request: FastifyRequest) => authenticatedContext(authenticator, request),
    }),
  });
}

/**
 * INVARIANT: no context without a caller, and nothing of an operation is parsed, validated or
 * executed without a context: neither introspection nor `__typename` answers a stranger.
 */
async function authenticatedContext(
  authenticator: RequestAuthenticator,
  req: FastifyRequest,
): Promise<GraphqlContext> {
  try {
    await authenticator.requireCaller(req);
    return { req };
  } catch (error) {
    const { code, message } = describeError(error).answer;
    throw new GraphQLError(message, {
      originalError: error instanceof Error ? error : undefined,
      extensions: { http: { status: httpStatusOf(code), headers: challengeFor(code) } },
    });
  }
}

function challengeFor(code: string): HeaderMap {
  return new HeaderMap(code === 'UNAUTHENTICATED' ? [['www-authenticate', 'Bearer']] : []);
}
