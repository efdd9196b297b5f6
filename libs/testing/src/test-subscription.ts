import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

interface ToldError {
  readonly message: string;
  readonly extensions: { readonly code: string };
}

/** What a subscriber is told next. */
export type Told<Data> =
  | { readonly data: Data }
  | { readonly errors: readonly ToldError[] }
  | { readonly closed: { readonly code: number; readonly reason: string } }
  | { readonly completed: true };

/** What a subscriber asks for. */
export interface Subscribing {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A subscription over a socket of its own, by the client that browsers use. */
export class TestSubscription<Data = Record<string, unknown>> {
  readonly #client: Client;
  readonly #values: AsyncIterableIterator<unknown>;

  /** @param token null: none */
  constructor(serviceUrl: string, token: string | null, { query, variables }: Subscribing) {
    this.#client = createClient({
      url: `${serviceUrl.replace(/^http/, 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      ...(token !== null && { connectionParams: { authorization: `Bearer ${token}` } }),
    });
    this.#values = this.#client.iterate({ query, variables: { ...variables } });
  }

  /** Waits for what comes next. */
  async next(): Promise<Told<Data>> {
    try {
      const next: IteratorResult<unknown, unknown> = await this.#values.next();
      return next.done ? { completed: true } : (next.value as Told<Data>);
    } catch (error) {
      if (Array.isArray(error)) return { errors: error as readonly ToldError[] };
      const { code, reason } = error as { code?: unknown; reason?: unknown };
      if (typeof code === 'number') return { closed: { code, reason: String(reason) } };
      throw error;
    }
  }

  /** Waits for the next value; throws for anything else. */
  async data(): Promise<Data> {
    const told = await this.next();
    if ('data' in told && !('errors' in told)) return told.data;
    throw new Error(`no value, but ${JSON.stringify(told)}`);
  }

  async stop(): Promise<void> {
    await this.#values.return?.();
    await this.#client.dispose();
  }
}
