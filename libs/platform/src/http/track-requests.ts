import type { FastifyInstance, FastifyRequest } from 'fastify';
import { runInRequest, type RequestContext } from './request-context.js';
import { SECURITY_HEADERS } from './security-headers.js';

const CONTEXT = Symbol('request context');

type TrackedRequest = FastifyRequest & { [CONTEXT]?: RequestContext };

/** The context of a request; undefined: it was refused before it had one. */
export function contextOf(request: FastifyRequest): RequestContext | undefined {
  return (request as TrackedRequest)[CONTEXT];
}

/**
 * Gives every request its context and every answer the request's id and the security headers; no answer
 * is to be cached.
 */
export function trackRequests(server: FastifyInstance): void {
  server.decorateRequest(CONTEXT as unknown as string, undefined);

  server.addHook('onRequest', (request: TrackedRequest, reply, done) => {
    const context: RequestContext = { requestId: request.id, identity: {} };
    request[CONTEXT] = context;
    void reply.headers(SECURITY_HEADERS);
    void reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
    runInRequest(context, done);
  });

  // The end of a body is an event of the socket, which knows nothing of the context above.
  server.addHook('preValidation', (request: TrackedRequest, _reply, done) => {
    const context = request[CONTEXT];
    if (context === undefined) done();
    else runInRequest(context, done);
  });
}
