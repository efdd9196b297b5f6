import { hash } from 'node:crypto';
import type { TokenVerifier, VerifiedToken } from './token-verifier.js';

/**
 * For how long a token is not verified again, ms: by so much longer than `SigningKeys` keep a key is
 * it trusted after the issuer has withdrawn it.
 */
export const MAX_AGE_MS = 60_000;

/** How many are remembered: about 5 MB. */
export const MAX_TOKENS = 10_000;

export interface VerifiedTokensParts {
  readonly verifier: Pick<TokenVerifier, 'verify'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds that no one sets back. */
  readonly monotonicNow: () => number;
}

interface Kept {
  readonly token: VerifiedToken;
  readonly verifiedAt: number;
}

/**
 * Verifies tokens, each once a minute: a signature takes longer than the decision it is sent for. Keeps
 * what a token says, never what anybody may do, so roles that are taken away and principals that are
 * suspended are not served from here; and nothing about a token that was refused.
 */
export class VerifiedTokens {
  /** By SHA-256 of the token, so that no credentials lie about; the first verified first. */
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly parts: VerifiedTokensParts) {}

  /** How many it remembers. */
  get size(): number {
    return this.#kept.size;
  }

  /** What a token says that was verified within {@link MAX_AGE_MS}, and is still in force. */
  known(token: string): VerifiedToken | undefined {
    return this.#find(keyOf(token));
  }

  /** What the token says. Throws as `TokenVerifier.verify` does. */
  async verify(token: string): Promise<VerifiedToken> {
    const key = keyOf(token);
    const known = this.#find(key);
    if (known) return known;
    const { verifier, monotonicNow } = this.parts;
    const verifiedAt = monotonicNow();
    const verified = await verifier.verify(token);
    this.#keep(key, { token: verified, verifiedAt });
    return verified;
  }

  #find(key: string): VerifiedToken | undefined {
    const kept = this.#kept.get(key);
    return kept && this.#isGood(kept) ? kept.token : undefined;
  }

  /** INVARIANT: never beyond its own end, and without the verifier's tolerance. */
  #isGood({ token, verifiedAt }: Kept): boolean {
    const { now, monotonicNow } = this.parts;
    return now() < token.expiresAt && monotonicNow() < verifiedAt + MAX_AGE_MS;
  }

  #keep(key: string, kept: Kept): void {
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    const [first] = this.#kept.keys();
    if (this.#kept.size > MAX_TOKENS) this.#kept.delete(first!);
  }
}

function keyOf(token: string): string {
  return hash('sha256', token, 'base64');
}
