import { TokenRefusedError } from './token-refused.error.js';

/** RFC 6750, section 2.1; the scheme is case-insensitive by RFC 9110, section 11.1. */
const BEARER = /^Bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/**
 * The token of an `Authorization` header. There is no other place to put one.
 *
 * @throws TokenRefusedError NO_TOKEN or MALFORMED_HEADER
 */
export function bearerTokenOf(authorization: string | undefined): string {
  if (authorization === undefined) throw new TokenRefusedError('NO_TOKEN');
  const token = readBearerToken(authorization);
  if (token === undefined) throw new TokenRefusedError('MALFORMED_HEADER');
  return token;
}

/** The token of the header; undefined for any other content. */
export function readBearerToken(authorization: string): string | undefined {
  return BEARER.exec(authorization)?.[1];
}
