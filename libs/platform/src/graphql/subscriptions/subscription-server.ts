import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { GraphQLError, type ExecutionArgs, type FormattedExecutionResult } from 'graphql';
import { GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer, type Context, type Server } from 'graphql-ws';
import { PinoLogger } from 'nestjs-pino';
import { WebSocketServer, type WebSocket } from 'ws';
import { RequestAuthenticator } from '../../auth/request-authenticator.js';
import { ApiError } from '../../errors/api-error.js';
import { describeError } from '../../errors/describe-error.js';
import { graphqlErrorFormatter, originOf } from '../../errors/graphql-error-formatter.js';
import type { DrainingAdapter } from '../../http/draining-adapter.js';
import { runInRequest, type RequestContext } from '../../http/request-context.js';
import { requestIdOf } from '../../http/request-id.js';
import type { Connection } from './connection.js';
import { Connections } from './connections.js';
import { prepareSubscription, refusalOf, type SubscribeRequest } from './prepare-subscription.js';
import { SOCKET_CLOSED, SOCKET_LIMITS as LIMITS } from './socket-limits.js';
import { SocketLine } from './socket-line.js';
import { acceptWebSockets, type Upgrade } from './upgrades.js';

const PATH = '/graphql';

/** What a client may send with its first message. */
type ConnectionParams = { readonly authorization?: unknown } & Record<string, unknown>;
type SocketContext = Context<ConnectionParams, Connection>;

/**
 * Subscriptions over WebSockets, by the protocol graphql-transport-ws, at the address of the API.
 *
 * INVARIANT: nothing that a socket sends is parsed before its token is verified, and nothing is sent to
 * it once the token is no longer in force.
 */
@Injectable()
export class SubscriptionServer implements OnModuleInit {
  readonly #connections = new Connections(LIMITS);
  readonly #format: ReturnType<typeof graphqlErrorFormatter>;
  readonly #protocol: Server<Connection>;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: LIMITS.messageBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });

  constructor(
    private readonly adapterHost: HttpAdapterHost<DrainingAdapter>,
    private readonly schemaHost: GraphQLSchemaHost,
    private readonly authenticator: RequestAuthenticator,
    private readonly logger: PinoLogger,
  ) {
    this.#format = graphqlErrorFormatter(logger);
    this.#protocol = makeServer<ConnectionParams, Connection>({
      connectionInitWaitTimeout: LIMITS.initMs,
      onConnect: (context) => this.#authenticate(context),
      onSubscribe: (context, _id, payload) => this.#prepare(context, payload),
      onNext: (
        _context,
        _id,
        _payload,
        _args,
        { errors, ...result },
      ): FormattedExecutionResult => ({
        ...result,
        ...(errors && { errors: this.#formatAll(errors) }),
      }),
      onError: (_context, _id, _payload, errors) => this.#formatAll(errors),
      onClose: ({ extra }) => this.#connections.leave(extra),
    });
  }

  onModuleInit(): void {
    const adapter = this.adapterHost.httpAdapter;
    acceptWebSockets(adapter.getHttpServer(), PATH, {
      refusal: () => (adapter.isLeaving || this.#connections.areFull ? 503 : undefined),
      accept: (upgrade) => this.#accept(upgrade),
    });
    // Before the server waits for its last connection to end, of which sockets would be some.
    adapter.getInstance().addHook('preClose', () => this.#connections.closeAll());
  }

  #accept({ request, stream, head }: Upgrade): void {
    this.#sockets.handleUpgrade(request, stream, head, (socket) => {
      const { authorization } = request.headers;
      const context: RequestContext = { requestId: requestIdOf(request.headers), identity: {} };
      const inRequest = (work: () => void): void => runInRequest(context, work);
      const onFault = (error: unknown): void =>
        this.logger.error({ err: error }, 'A message on a socket could not be handled');
      const line = new SocketLine(socket, { ...LIMITS, inRequest, onFault });
      const req = { id: context.requestId, headers: { authorization } };
      this.#converse(socket, { line, req }, inRequest);
    });
  }

  #converse(
    socket: WebSocket,
    connection: Connection,
    inRequest: (work: () => void) => void,
  ): void {
    const openedAt = performance.now();
    this.#connections.enter(connection);
    const closed = this.#protocol.opened(connection.line, connection);
    socket.once('close', (code, reason) =>
      inRequest(() => {
        const durationMs = Math.round(performance.now() - openedAt);
        this.logger.info({ code, durationMs }, 'Socket closed');
        void closed(code, reason.toString());
      }),
    );
  }

  async #authenticate({ extra: connection, connectionParams, subscriptions }: SocketContext) {
    const { line, req } = connection;
    const given = connectionParams?.authorization;
    // Browsers cannot set a header on a socket.
    if (given !== undefined) req.headers.authorization = typeof given === 'string' ? given : '';
    try {
      const { caller, expiresAt } = await this.authenticator.openSession(req);
      if (!line.isOpen) return false;
      if (!this.#connections.join(connection, caller, subscriptions)) {
        line.closeFor(SOCKET_CLOSED.TOO_MANY_CONNECTIONS);
        return false;
      }
      line.closeAt(expiresAt, SOCKET_CLOSED.TOKEN_EXPIRED);
      return true;
    } catch (error) {
      const { answer, isFault } = describeError(error);
      if (isFault) this.logger.error({ err: error }, 'A socket could not be authenticated');
      const isStranger = answer.code === 'UNAUTHENTICATED';
      line.closeFor(isStranger ? SOCKET_CLOSED.UNAUTHENTICATED : SOCKET_CLOSED.FAULT);
      return false;
    }
  }

  #prepare(
    { extra: { caller, req }, subscriptions }: SocketContext,
    payload: SubscribeRequest,
  ): ExecutionArgs | readonly GraphQLError[] {
    const limit = caller && this.#connections.limitExceededBy(caller.tenantId, subscriptions);
    if (limit) {
      const message = `There are more than ${limit.allowed} subscriptions at once of this ${limit.of}.`;
      const details = { limit: 'subscriptions', allowed: limit.allowed };
      const originalError = new ApiError('INVALID_INPUT', message, details);
      return [new GraphQLError(message, { originalError })];
    }
    const prepared = prepareSubscription(this.schemaHost.schema, payload);
    return isRefusal(prepared) ? prepared : { ...prepared, contextValue: { req } };
  }

  #formatAll(errors: readonly GraphQLError[]) {
    return errors
      .map((error) => (isAboutVariables(error) ? refusalOf(error) : error))
      .map((error) => this.#format(error.toJSON(), error));
  }
}

function isRefusal(
  prepared: ExecutionArgs | readonly GraphQLError[],
): prepared is readonly GraphQLError[] {
  return Array.isArray(prepared);
}

/** What graphql-js says before anything is executed. All that is thrown later has a cause or a path. */
function isAboutVariables(error: GraphQLError): boolean {
  return error.path === undefined && originOf(error) instanceof GraphQLError;
}
