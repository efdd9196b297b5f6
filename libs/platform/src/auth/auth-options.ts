import { z } from 'zod';

/** Whom to believe about who is asking. */
export interface AuthOptions {
  /** The only issuer whose tokens count, exactly as it writes itself in `iss`. */
  readonly issuer: string;
  /** What a token's `aud` must contain. */
  readonly audience: string;
  /** Where its public keys are; by default its discovery document says so. */
  readonly jwksUri?: string;
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

/** The environment variables of {@link AuthOptions}, alike in every app. */
export const authEnvironment = z
  .object({
    OIDC_ISSUER: z.url({ protocol: /^https?$/ }).describe('the identity provider, as in `iss`'),
    OIDC_AUDIENCE: z.string().min(1).describe('what tokens for this API carry in `aud`'),
    OIDC_JWKS_URI: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe("the provider's public keys; default: from its discovery document"),
    OIDC_TENANT_CLAIM: z
      .string()
      .default('urn:zitadel:iam:user:resourceowner:id')
      .describe("the claim that holds the caller's tenant"),
    SERVICE_SUBJECTS: commaSeparated
      .default([])
      .describe('the `sub` of services that may call service-only routes, comma-separated'),
  })
  .transform((env): AuthOptions => ({
    issuer: env.OIDC_ISSUER,
    audience: env.OIDC_AUDIENCE,
    jwksUri: env.OIDC_JWKS_URI,
    tenantClaim: env.OIDC_TENANT_CLAIM,
    serviceSubjects: env.SERVICE_SUBJECTS,
  }));
