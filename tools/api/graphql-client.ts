import { setTimeout as sleep } from 'node:timers/promises';

/** An error that a service answered with: its catalogued code and message. */
export class ApiFailure extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(`${code}: ${message}`);
    this.name = 'ApiFailure';
  }
}

interface GraphqlAnswer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string };
  }[];
}

/** How long a service that does not answer is asked again: a restart takes a few seconds. */
const GIVE_UP_AFTER_MS = 60_000;

/**
 * A GraphQL client of one service for one person. The token is fetched anew when it has expired, and
 * a request that found nobody listening is sent again: every mutation of the demo carries an
 * idempotency key, so a retry is done once.
 */
export class GraphqlClient {
  private token: Promise<string>;

  constructor(
    private readonly url: string,
    private readonly fetchToken: () => Promise<string>,
  ) {
    this.token = fetchToken();
  }

  /** The `data` of the answer. Throws ApiFailure with the first error's code. */
  async request<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
    for (;;) {
      try {
        return await this.send<T>(query, variables);
      } catch (error) {
        if (error instanceof ApiFailure && error.code === 'UNAUTHENTICATED') {
          this.token = this.fetchToken();
          return this.send<T>(query, variables);
        }
        if (error instanceof ApiFailure && error.code !== 'UNAVAILABLE') throw error;
        if (performance.now() > giveUpAt) throw error;
        await sleep(250);
      }
    }
  }

  /** The same, asked once: what is not answered within the time, or with an error, is thrown. */
  async requestOnce<T>(
    query: string,
    variables: Record<string, unknown>,
    timeoutMs: number,
  ): Promise<T> {
    return this.send<T>(query, variables, AbortSignal.timeout(timeoutMs));
  }

  private async send<T>(
    query: string,
    variables: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<T> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await this.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as GraphqlAnswer;
    const error = answer.errors?.[0];
    if (error) throw new ApiFailure(error.extensions?.code ?? 'UNKNOWN', error.message);
    return answer.data as T;
  }
}
