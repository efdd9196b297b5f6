import type { TestIssuer, TokenClaims } from '../test-issuer.js';

/** Every token that is as good as the given claims say, but for one thing. */
export async function strangersOf(
  issuer: TestIssuer,
  claims: TokenClaims,
): Promise<Record<string, string | null>> {
  return {
    'no token': null,
    'what is no token': 'eyJhbGciOiJub25lIn0.e30.',
    'an expired token': await issuer.token({ ...claims, expiresInSeconds: -60 }),
    'a token that a stranger signed': await issuer.forgedToken(claims),
    'a token for another audience': await issuer.token({ ...claims, audience: 'another' }),
    'a token of another issuer': await issuer.token({
      ...claims,
      issuer: 'https://another.example',
    }),
  };
}
