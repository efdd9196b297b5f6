import type { ZodType } from 'zod';
import type { ClientCredentialsTokens } from './client-credentials-tokens.js';
import { exchange, readAnswer } from './exchange.js';

export interface ServiceRequest<T> {
  /** What the answer must be. */
  readonly schema: ZodType<T>;
  readonly url: string;
  readonly init?: RequestInit;
  readonly timeoutMs: number;
}

/**
 * One HTTP request with this service's own token.
 *
 * Throws SyncUnavailableError, SyncRefusedError or SyncInvalidAnswerError.
 */
export async function askAsService<T>(
  tokens: Pick<ClientCredentialsTokens, 'accessToken' | 'discard'>,
  { schema, url, init = {}, timeoutMs }: ServiceRequest<T>,
): Promise<T> {
  const send = (token: string) => {
    const headers = { ...init.headers, authorization: `Bearer ${token}` };
    return exchange(url, { ...init, headers }, timeoutMs);
  };
  const token = await tokens.accessToken();
  let answer = await send(token);
  if (answer.status === 401) {
    // Expired by the other's clock, or signed with a key that is retired: one new token may help.
    tokens.discard(token);
    answer = await send(await tokens.accessToken());
  }
  return readAnswer(schema, answer, url);
}
