import type { RequestAuthenticator } from '@bastion/platform';
import type { FastifyInstance } from 'fastify';
import type { Admission } from './admission.js';

/** The routes that decide, as they are registered. Health and operators' routes are never refused. */
const DECIDING = /^\/(graphql$|access\/v1\/)/;

/**
 * Refuses requests before their body is read, and after their token is verified: what counts is the
 * tenant that the identity provider vouches for. Whoever has no good token counts for nobody, and is
 * refused by the guard, in the form that the route has for it.
 */
export function admitRequests(
  server: Pick<FastifyInstance, 'addHook'>,
  authenticator: Pick<RequestAuthenticator, 'requireCaller'>,
  admission: Pick<Admission, 'admitRequest'>,
): void {
  server.addHook('onRequest', async (request) => {
    if (!DECIDING.test(request.routeOptions.url ?? '')) return;
    const caller = await authenticator.requireCaller(request).catch(() => undefined);
    if (caller) admission.admitRequest(caller.tenantId);
  });
}
