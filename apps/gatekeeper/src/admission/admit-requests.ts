import type { Caller, RequestAuthenticator } from '@bastion/platform';
import type { FastifyInstance, onRequestHookHandler } from 'fastify';
import type { Admission } from './admission.js';

/** The routes that decide, as they are registered. Health and operators' routes are never refused. */
const DECIDING = /^\/(graphql$|access\/v1\/)/;

/**
 * Refuses requests before their body is read, and after their token is verified: what counts is the
 * tenant that the identity provider vouches for. Whoever has no good token counts for nobody, and is
 * refused by the guard, in the form that the route has for it. For the routes that are registered later.
 */
export function admitRequests(
  server: Pick<FastifyInstance, 'addHook'>,
  authenticator: Pick<RequestAuthenticator, 'recognizeCaller' | 'requireCaller'>,
  admission: Pick<Admission, 'admitRequest'>,
): void {
  const admitOrRefuse: onRequestHookHandler = (request, _reply, done) => {
    const admit = (caller: Caller): void => done(refusalOf(caller));
    const known = authenticator.recognizeCaller(request);
    if (known) return admit(known);
    authenticator.requireCaller(request).then(admit, () => done());
  };

  function refusalOf({ tenantId }: Caller): Error | undefined {
    try {
      admission.admitRequest(tenantId);
      return undefined;
    } catch (error) {
      if (error instanceof Error) return error;
      throw error;
    }
  }

  server.addHook('onRoute', (route) => {
    if (!DECIDING.test(route.url)) return;
    route.onRequest = [admitOrRefuse, ...[route.onRequest ?? []].flat()];
  });
}
