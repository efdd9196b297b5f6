import { z } from 'zod';
import type { Secret } from '../config/secret.js';
import { exchange, readAnswer } from './exchange.js';
import { SyncInvalidAnswerError } from './sync-errors.js';

/** A token is renewed this long before it expires, or at half its life if that is shorter. */
const RENEW_BEFORE_EXPIRY_MS = 30_000;
/** Assumed when the provider does not say how long a token lives. */
const DEFAULT_LIFE_SECONDS = 60;

const discoveryDocument = z.object({ issuer: z.string(), token_endpoint: z.url() });

const tokenResponse = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().nonnegative().optional(),
});

export interface ClientCredentialsOptions {
  /** An issuer's token endpoint is found through its OpenID discovery document. */
  readonly provider: { readonly issuer: string } | { readonly tokenEndpoint: string };
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** Further form fields the provider wants, e.g. `scope`, or `resource` (RFC 8707). */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/**
 * Access tokens of this service itself (OAuth 2.0 client credentials, RFC 6749 section 4.4), kept
 * until shortly before they expire; callers that need a new one at the same time share it.
 *
 * Failures are the Sync…Errors: to whoever wants to sync it is the same whether the owner or the
 * identity provider cannot be reached.
 */
export class ClientCredentialsTokens {
  #kept: { readonly token: string; readonly renewAt: number } | undefined;
  #renewal: Promise<string> | undefined;
  #tokenEndpoint: string | undefined;

  /** `now`: milliseconds of a clock that never jumps. */
  constructor(
    private readonly options: ClientCredentialsOptions,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async accessToken(): Promise<string> {
    if (this.#kept && this.now() < this.#kept.renewAt) return this.#kept.token;
    this.#renewal ??= this.#renew().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  /** Forgets `token`, because somebody would not take it; the next call gets another. */
  discard(token: string): void {
    if (this.#kept?.token === token) this.#kept = undefined;
  }

  async #renew(): Promise<string> {
    const askedAt = this.now();
    const url = (this.#tokenEndpoint ??= await this.#discover());
    const { clientId, clientSecret, parameters, timeoutMs } = this.options;
    const credentials = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret.reveal())}`;
    const answer = await exchange(
      url,
      {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
          accept: 'application/json',
        },
        body: new URLSearchParams({ ...parameters, grant_type: 'client_credentials' }),
      },
      timeoutMs,
    );
    const { access_token: token, expires_in: seconds } = readAnswer(tokenResponse, answer, url);
    const life = (seconds ?? DEFAULT_LIFE_SECONDS) * 1_000;
    const renewAt = askedAt + Math.max(life - RENEW_BEFORE_EXPIRY_MS, life / 2);
    this.#kept = { token, renewAt };
    return token;
  }

  async #discover(): Promise<string> {
    const { provider, timeoutMs } = this.options;
    if ('tokenEndpoint' in provider) return provider.tokenEndpoint;
    const url = `${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const init = { headers: { accept: 'application/json' } };
    const document = readAnswer(discoveryDocument, await exchange(url, init, timeoutMs), url);
    // OpenID Connect Discovery 1.0, section 4.3: else somebody else's provider could answer.
    if (document.issuer !== provider.issuer) {
      throw new SyncInvalidAnswerError(`${url} speaks for another issuer`);
    }
    return document.token_endpoint;
  }
}
