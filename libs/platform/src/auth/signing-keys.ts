import { createLocalJWKSet, createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { ApiError } from '../errors/api-error.js';
import type { TrustedIssuer } from './auth-options.js';

const FETCH_TIMEOUT_MS = 5_000;
const DEFAULT_COOLDOWN_MS = 30_000;

const discoverySchema = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

export interface SigningKeysOptions extends TrustedIssuer {
  /**
   * How long tokens with an unknown key id go without causing another fetch: the price of a
   * rotation announced too late, against tokens made up to keep us fetching. Default 30,000.
   */
  readonly cooldownMs?: number;
}

/** The issuer's public keys: fetched when first needed, kept for ten minutes, and on rotation again. */
export class SigningKeys {
  private keySet: Promise<JWTVerifyGetKey> | undefined;

  constructor(private readonly options: SigningKeysOptions) {}

  /**
   * Finds the key a token says it is signed with.
   *
   * @throws errors.JWKSNoMatchingKey (or MultipleMatchingKeys) when the issuer has no such key
   * @throws ApiError UNAVAILABLE when the issuer cannot be asked: that is no fault of the token's
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    try {
      const keySet = await this.openKeySetOnce();
      return await keySet(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) throw error;
      if (error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      throw new ApiError('UNAVAILABLE', 'The identity provider cannot be reached.', undefined, {
        cause: error,
      });
    }
  };

  private openKeySetOnce(): Promise<JWTVerifyGetKey> {
    this.keySet ??= this.openKeySet().catch((error: unknown) => {
      this.keySet = undefined; // a provider that was down is asked again
      throw error;
    });
    return this.keySet;
  }

  private async openKeySet(): Promise<JWTVerifyGetKey> {
    if (this.options.keys) return createLocalJWKSet(this.options.keys);
    const url = this.options.jwksUri ?? (await discoverKeysUri(this.options));
    return createRemoteJWKSet(new URL(url), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cooldownDuration: this.options.cooldownMs ?? DEFAULT_COOLDOWN_MS,
    });
  }
}

/** OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3, for who is no OpenID provider. */
async function discoverKeysUri({ issuer, kind }: TrustedIssuer): Promise<string> {
  const document = kind ? 'oauth-authorization-server' : 'openid-configuration';
  const url = `${issuer.replace(/\/$/, '')}/.well-known/${document}`;
  const response = await fetch(url, {
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    redirect: 'error',
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const discovered = discoverySchema.parse(await response.json());
  if (discovered.issuer !== issuer) {
    throw new Error(`${url} describes the issuer ${discovered.issuer}, expected ${issuer}`);
  }
  return discovered.jwks_uri;
}
