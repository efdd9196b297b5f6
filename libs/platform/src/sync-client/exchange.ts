import type { ZodType } from 'zod';
import { SyncInvalidAnswerError, SyncRefusedError, SyncUnavailableError } from './sync-errors.js';

/** An answer that has arrived whole. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * One HTTP exchange over Node's own fetch, whose connections stay open between calls. The time
 * limit covers everything from connecting to the last byte of the body. Redirects are not followed:
 * credentials go to the configured address and nowhere else.
 *
 * Throws {@link SyncUnavailableError}.
 */
export async function exchange(url: string, init: RequestInit, timeoutMs: number): Promise<Answer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    const why = signal.aborted ? `no answer within ${timeoutMs} ms` : 'no answer';
    throw new SyncUnavailableError(`${why} from ${url}`, { cause: error });
  }
}

/**
 * The answer's body, as the contract describes it.
 *
 * Throws {@link SyncUnavailableError}, {@link SyncRefusedError} or {@link SyncInvalidAnswerError}.
 */
export function readAnswer<T>(schema: ZodType<T>, answer: Answer, url: string): T {
  const { status } = answer;
  if (status >= 500 || status === 429 || status === 408) {
    throw new SyncUnavailableError(`${url} answered ${status}`);
  }
  if (status >= 300) throw new SyncRefusedError(`${url} answered ${status}`, status);
  const result = schema.safeParse(parseJson(answer.body, url));
  if (!result.success) {
    throw new SyncInvalidAnswerError(`${url} broke the contract`, { cause: result.error });
  }
  return result.data;
}

function parseJson(body: string, url: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new SyncInvalidAnswerError(`${url} did not answer JSON`, { cause: error });
  }
}
