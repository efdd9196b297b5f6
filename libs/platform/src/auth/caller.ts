import type { FastifyRequest } from 'fastify';

/** Who is asking, as the identity provider vouches for it. */
export interface Caller {
  readonly tenantId: string;
  /** The token's `sub`: the `subject` of one of the tenant's principals, or of nobody. */
  readonly subject: string;
  /** The only kind of principal that the issuer vouches for; undefined: any. */
  readonly kind?: 'SERVICE_ACCOUNT';
  readonly issuer: string;
  readonly requestId: string;
}

/** What is known of a request, over whatever it came. */
export type AskingRequest = Pick<FastifyRequest, 'id' | 'headers'>;

/** On the request itself: in a WeakMap it takes longer to keep, and to collect. */
const CALLER = Symbol('caller');

type BoundRequest = AskingRequest & { [CALLER]?: Caller };

/** Remembers the caller of a request for {@link callerOf}. For the authenticator alone. */
export function attachCaller(request: BoundRequest, caller: Caller): void {
  request[CALLER] = caller;
}

/** The caller that was attached; undefined: nobody yet. */
export function boundCallerOf(request: BoundRequest): Caller | undefined {
  return request[CALLER];
}

/** @throws Error on a route that nobody authenticated for: a mistake of wiring, not of the client */
export function callerOf(request: AskingRequest): Caller {
  const caller = boundCallerOf(request);
  if (caller === undefined) throw new Error('This route has no caller bound to a tenant');
  return caller;
}
