import type { Caller, RequestAuthenticator } from '@bastion/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EVALUATION_PATH, EVALUATIONS_PATH, type AuthzenController } from './authzen.controller.js';
import type { Soon } from './soon.js';

/**
 * Serves the routes that decide on the HTTP server itself: the framework's way to a controller's method
 * takes longer than the decision. What stands before every route stands before these too; the guard,
 * which does not, is the first line here.
 */
export function serveAuthzen(
  server: Pick<FastifyInstance, 'post'>,
  authenticator: Pick<RequestAuthenticator, 'recognizeCaller' | 'requireCaller'>,
  controller: Pick<AuthzenController, 'evaluate' | 'evaluateMany'>,
): void {
  const serve = (path: string, answer: (caller: Caller, body: unknown) => Soon<object>) =>
    server.post(`/${path}`, (request: FastifyRequest) => {
      // INVARIANT: nothing of a request is looked at before somebody is known to be its caller.
      const known = authenticator.recognizeCaller(request);
      if (known) return answer(known, request.body);
      return authenticator.requireCaller(request).then((caller) => answer(caller, request.body));
    });
  serve(EVALUATION_PATH, (caller, body) => controller.evaluate(caller, body));
  serve(EVALUATIONS_PATH, (caller, body) => controller.evaluateMany(caller, body));
}
