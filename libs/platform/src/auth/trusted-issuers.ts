import { decodeJwt } from 'jose';
import type { AuthOptions } from './auth-options.js';
import { SigningKeys } from './signing-keys.js';
import { MAX_TOKEN_LENGTH, TokenVerifier, type VerifiedToken } from './token-verifier.js';

/** Verifies tokens of several issuers, each with the keys of the one that it says it is of. */
export class TrustedIssuers {
  readonly #first: TokenVerifier;
  readonly #byIssuer: ReadonlyMap<string, TokenVerifier>;

  constructor({ issuers, audience, tenantClaim }: AuthOptions) {
    const [first, ...others] = issuers.map((trusted) => {
      const keys = new SigningKeys(trusted);
      return [
        trusted.issuer,
        new TokenVerifier({ ...trusted, audience, tenantClaim }, keys.find),
      ] as const;
    });
    if (first === undefined) throw new Error('There is no issuer to trust');
    this.#first = first[1];
    this.#byIssuer = new Map([first, ...others]);
  }

  /**
   * INVARIANT: `iss` chooses the keys before anything else is believed, and the verifier that it chooses
   * asks for that `iss` again: no issuer's key makes a token of another.
   *
   * Throws as {@link TokenVerifier.verify} does; a token of nobody known as the first issuer refuses it.
   */
  verify(token: string): Promise<VerifiedToken> {
    return (this.#byIssuer.get(issuerIn(token)) ?? this.#first).verify(token);
  }
}

/** What a token that nobody has verified says in `iss`; empty: nothing that can be read. */
function issuerIn(token: string): string {
  if (token.length > MAX_TOKEN_LENGTH) return '';
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : '';
  } catch {
    return '';
  }
}
