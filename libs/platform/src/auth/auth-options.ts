import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';

/** One who is believed about who is asking, and about whom. */
export interface TrustedIssuer {
  /** Exactly as it writes itself in `iss`. */
  readonly issuer: string;
  /** Where its public keys are; by default its metadata say so. */
  readonly jwksUri?: string;
  /** Its public keys themselves, for whoever is the issuer: nothing is fetched then. */
  readonly keys?: JSONWebKeySet;
  /** The only kind of principal that it vouches for; undefined: any, and the services of no tenant. */
  readonly kind?: 'SERVICE_ACCOUNT';
}

/** Whom to believe about who is asking. */
export interface AuthOptions {
  /** The identity provider first. */
  readonly issuers: readonly [TrustedIssuer, ...TrustedIssuer[]];
  /** What a token's `aud` must contain. */
  readonly audience: string;
  /** The claim that names the caller's tenant. */
  readonly tenantClaim: string;
  /** The `sub` of every service that may call service-only routes. */
  readonly serviceSubjects: readonly string[];
}

/** Injection token of {@link AuthOptions}. */
export const AUTH_OPTIONS = Symbol('AUTH_OPTIONS');

const commaSeparated = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

const serviceAccountIssuer = (issuer?: string, jwksUri?: string): TrustedIssuer[] =>
  issuer === undefined ? [] : [{ issuer, jwksUri, kind: 'SERVICE_ACCOUNT' }];

/** The environment variables of {@link AuthOptions}, alike in every app. */
export const authEnvironment = z
  .object({
    OIDC_ISSUER: z.url({ protocol: /^https?$/ }).describe('the identity provider, as in `iss`'),
    OIDC_AUDIENCE: z.string().min(1).describe('what tokens for this API carry in `aud`'),
    OIDC_JWKS_URI: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("the provider's public keys; default: from its discovery document"),
    SERVICE_ACCOUNT_ISSUER: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe(
        'the token endpoint of node-scope-management, as in `iss`; default: none is trusted',
      ),
    SERVICE_ACCOUNT_JWKS_URI: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('its public keys; default: from its metadata'),
    OIDC_TENANT_CLAIM: z
      .string()
      .default('urn:zitadel:iam:user:resourceowner:id')
      .describe("the claim that holds the caller's tenant"),
    SERVICE_SUBJECTS: commaSeparated
      .default([])
      .describe('the `sub` of services that may call service-only routes, comma-separated'),
  })
  // Whoever may sign as both could make users of service accounts' tokens.
  .refine(
    (env) => env.SERVICE_ACCOUNT_ISSUER !== env.OIDC_ISSUER,
    'SERVICE_ACCOUNT_ISSUER and OIDC_ISSUER are two',
  )
  .transform((env): AuthOptions => ({
    issuers: [
      { issuer: env.OIDC_ISSUER, jwksUri: env.OIDC_JWKS_URI },
      ...serviceAccountIssuer(env.SERVICE_ACCOUNT_ISSUER, env.SERVICE_ACCOUNT_JWKS_URI),
    ],
    audience: env.OIDC_AUDIENCE,
    tenantClaim: env.OIDC_TENANT_CLAIM,
    serviceSubjects: env.SERVICE_SUBJECTS,
  }));
