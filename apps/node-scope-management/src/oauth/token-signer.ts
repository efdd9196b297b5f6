import { randomUUID } from 'node:crypto';
import { importJWK, type JSONWebKeySet, type JWK, SignJWT } from 'jose';
import type { ServiceAccountTokensConfig } from '../config/service-account-tokens.config.js';

/**
 * How long a token is good for. Short, as nothing takes one back: who is suspended is denied at once by
 * whoever decides, but a credential that is revoked has got its last token up to this long ago.
 */
export const TOKEN_LIFETIME_SECONDS = 300;

export interface TokenSignerOptions extends NonNullable<ServiceAccountTokensConfig> {
  readonly audience: string;
  readonly tenantClaim: string;
}

/** Whom a token is for. */
export interface TokenHolder {
  readonly tenantId: string;
  readonly subject: string;
  readonly clientId: string;
}

/** Signs access tokens as JWTs (RFC 9068) with the first of the keys; the others are still published. */
export class TokenSigner {
  constructor(private readonly options: TokenSignerOptions) {}

  get issuer(): string {
    return this.options.issuer;
  }

  /** The public keys, as everybody may see them. */
  get published(): JSONWebKeySet {
    return { keys: this.options.keys.map((key) => key.public) };
  }

  async sign({ tenantId, subject, clientId }: TokenHolder): Promise<string> {
    const { issuer, audience, tenantClaim, keys } = this.options;
    const { kid, alg, private: jwk } = keys[0];
    const key = await importJWK(JSON.parse(jwk.reveal()) as JWK, alg);
    return new SignJWT({ client_id: clientId, [tenantClaim]: tenantId })
      .setProtectedHeader({ alg, kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setSubject(subject)
      .setAudience(audience)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime(`${TOKEN_LIFETIME_SECONDS}s`)
      .sign(key);
  }
}
