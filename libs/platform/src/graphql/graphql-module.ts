import { HeaderMap } from '@apollo/server';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module, type DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { GraphQLError, parse } from 'graphql';
import { PinoLogger } from 'nestjs-pino';
import type { AskingRequest } from '../auth/caller.js';
import { RequestAuthenticator } from '../auth/request-authenticator.js';
import { describeError, invalidRequest } from '../errors/describe-error.js';
import { graphqlErrorFormatter } from '../errors/graphql-error-formatter.js';
import { httpStatusOf } from '../errors/http-status.js';
import { DateTime } from './date-time.scalar.js';
import { ExplorerController } from './explorer/explorer.controller.js';
import { knownOperations } from './known-operations.js';
import { limitCost } from './limit-cost.plugin.js';
import { MAX_QUERY_COST, MAX_QUERY_TOKENS, QUERY_LIMITS } from './limits.js';
import { findExceeded, limitQueries } from './query-limits.js';
import { SubscriptionServer } from './subscriptions/subscription-server.js';

export interface GraphqlOptions {
  /** Whether authenticated callers may ask for the schema; off in production. */
  readonly introspection: boolean;
  /** Whether a page to try the API with is served, to everybody; off in production. */
  readonly explorer: boolean;
  /** Where to write the schema; by default it is kept in memory. */
  readonly schemaFile?: string;
}

/** What resolvers and guards find as the GraphQL context. */
export interface GraphqlContext {
  readonly req: AskingRequest;
}

/**
 * GraphQL at `/graphql`, code first, hardened alike in every app: queries and mutations over HTTP,
 * subscriptions over WebSockets. Needs AuthModule and LoggingModule.
 */
@Module({})
export class GraphqlApiModule {
  static forRoot(options: GraphqlOptions): DynamicModule {
    return {
      module: GraphqlApiModule,
      imports: [overHttp(options)],
      controllers: options.explorer ? [ExplorerController] : [],
      providers: [SubscriptionServer],
    };
  }
}

function overHttp({ introspection, schemaFile }: GraphqlOptions): DynamicModule {
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
      plugins: [limitCost(MAX_QUERY_COST)],
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
    refuseOversized(req);
    return { req };
  } catch (error) {
    const { code, message } = describeError(error).answer;
    throw new GraphQLError(message, {
      originalError: error instanceof Error ? error : undefined,
      extensions: { http: { status: httpStatusOf(code), headers: challengeFor(code) } },
    });
  }
}

/** Below that nothing can be hidden that takes long to validate. */
const SHORT_QUERY = 250;

/**
 * Refuses what is past the limits before it is validated: graphql-js compares fields of the same name in
 * pairs, which takes a second for those that 2,000 tokens can hold, and the limits are rules beside that one.
 */
function refuseOversized({ body, query: parameters }: FastifyRequest): void {
  for (const sent of [body, parameters]) {
    const { query } = (sent ?? {}) as { readonly query?: unknown };
    if (typeof query !== 'string' || query.length < SHORT_QUERY) continue;
    const [exceeded] = exceededBy(query);
    if (exceeded) throw invalidRequest(exceeded.message);
  }
}

function exceededBy(query: string): readonly GraphQLError[] {
  try {
    return findExceeded(parse(query, { maxTokens: MAX_QUERY_TOKENS }), QUERY_LIMITS);
  } catch (error) {
    // What cannot be parsed is refused by the parser, in its own words.
    if (error instanceof GraphQLError) return [];
    throw error;
  }
}

function challengeFor(code: string): HeaderMap {
  return new HeaderMap(code === 'UNAUTHENTICATED' ? [['www-authenticate', 'Bearer']] : []);
}
