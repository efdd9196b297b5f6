import type { FastifyInstance, FastifyRequest } from 'fastify';
import { runInRequest, type RequestContext } from './request-context.js';

/** Gives every request its context and every answer the request's id; no answer is to be cached. */
export function trackRequests(server: FastifyInstance): void {
  const contexts = new WeakMap<FastifyRequest, RequestContext>();

  server.addHook('onRequest', (request, reply, done) => {
    const context: RequestContext = { requestId: request.id, identity: {} };
    contexts.set(request, context);
    void reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
    runInRequest(context, done);
  });

  // The end of a body is an event of the socket, which knows nothing of the context above.
  server.addHook('preValidation', (request, _reply, done) => {
    const context = contexts.get(request);
    if (context === undefined) done();
    else runInRequest(context, done);
  });

  server.addHook('onResponse', (request, _reply, done) => {
    const context = contexts.get(request);
    if (context === undefined) done();
    else runInRequest(context, done);
  });
}
