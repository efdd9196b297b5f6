import { type Environment, readConfig, Secret } from '@bastion/platform';
import type { JWK } from 'jose';
import { z } from 'zod';

const common = { kid: z.string().min(1).max(128), alg: z.string().optional() };

/** The private JWKs (RFC 7517) that can sign: of ES256 and of EdDSA. */
const signingKey = z.discriminatedUnion('kty', [
  z.object({
    ...common,
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string(),
    y: z.string(),
    d: z.string(),
  }),
  z.object({
    ...common,
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string(),
    d: z.string(),
  }),
]);

/** A key that signs, and what of it everybody may see. */
export interface SigningKey {
  readonly kid: string;
  readonly alg: 'ES256' | 'EdDSA';
  /** A JWK as JSON. */
  readonly private: Secret;
  readonly public: JWK;
}

const keysText = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'it is no JSON' });
      return z.NEVER;
    }
  })
  .pipe(z.object({ keys: z.array(signingKey).min(1) }))
  .transform(({ keys }) => keys.map(readKey))
  .refine(
    (keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length,
    'two keys have the same kid',
  );

const schema = z
  .object({
    SERVICE_ACCOUNT_ISSUER: z
      .url({ protocol: /^https?$/ })
      .refine((url) => new URL(url).origin === url, 'it has no path and no slash at its end')
      .optional()
      .describe('the address that clients reach this service at'),
    SERVICE_ACCOUNT_SIGNING_KEYS: keysText
      .optional()
      .describe('a secret JWK Set of private keys (EC P-256 or Ed25519); the first signs'),
  })
  .refine(
    (env) => env.SERVICE_ACCOUNT_SIGNING_KEYS === undefined || env.SERVICE_ACCOUNT_ISSUER,
    'SERVICE_ACCOUNT_SIGNING_KEYS need a SERVICE_ACCOUNT_ISSUER',
  )
  .transform((env) => {
    const [first, ...others] = env.SERVICE_ACCOUNT_SIGNING_KEYS ?? [];
    if (env.SERVICE_ACCOUNT_ISSUER === undefined || first === undefined) return null;
    return { issuer: env.SERVICE_ACCOUNT_ISSUER, keys: [first, ...others] as const };
  });

/** How service accounts get tokens of this service; null: they do not. */
export type ServiceAccountTokensConfig = z.output<typeof schema>;

export const serviceAccountTokensConfig = (
  env: Environment = process.env,
): ServiceAccountTokensConfig => readConfig('service account token', schema, env);

function readKey(key: z.output<typeof signingKey>): SigningKey {
  const alg = key.kty === 'EC' ? 'ES256' : 'EdDSA';
  const { kid, kty, crv, x } = key;
  // By name: what is not listed here does not get out.
  const shown = { kid, kty, crv, x, ...(key.kty === 'EC' && { y: key.y }), alg, use: 'sig' };
  return { kid, alg, private: new Secret(JSON.stringify(key)), public: shown };
}
