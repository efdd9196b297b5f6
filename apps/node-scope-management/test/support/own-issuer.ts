import { generateKeyPairSync } from 'node:crypto';

/** What a service that signs service accounts' tokens calls itself in tests. */
export const OWN_ISSUER = 'https://nsm.example.com';

/** A new private key, as the configuration takes it. */
export function newSigningKey(kid: string): Record<string, unknown> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { ...privateKey.export({ format: 'jwk' }), kid };
}

/** The environment of a service that signs service accounts' tokens with the first of the keys. */
export function ownIssuerEnvironment(keys = [newSigningKey('own-key')]): Record<string, string> {
  return {
    SERVICE_ACCOUNT_ISSUER: OWN_ISSUER,
    SERVICE_ACCOUNT_SIGNING_KEYS: JSON.stringify({ keys }),
  };
}
