import type { Secret } from '@bastion/platform';
import pg from 'pg';

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 10_000;

/**
 * A session that says nothing for this long is ended by the server, and its locks with it: a leader
 * that was stopped, or whose network is gone, does not keep the lead. One that lives says something
 * four times as often.
 */
const IDLE_TIMEOUT_MS = 10_000;

/** The database as the relay's role sees it: the outbox of every tenant, and nothing else. */
export class RelayDatabase {
  constructor(
    private readonly url: Secret,
    private readonly idleTimeoutMs = IDLE_TIMEOUT_MS,
  ) {}

  /** Opens a session of its own. It needs a real one: no pooler that shares sessions in between. */
  async open(): Promise<RelaySession> {
    const client = new pg.Client({
      connectionString: this.url.reveal(),
      application_name: 'bastion-relay',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    const session = new RelaySession(client);
    try {
      await client.connect();
      await session.query(
        `SELECT set_config('idle_session_timeout', $1, false),
                set_config('statement_timeout', $2, false)`,
        [`${this.idleTimeoutMs}ms`, `${QUERY_TIMEOUT_MS}ms`],
      );
      session.keepAlive(this.idleTimeoutMs / 4);
    } catch (error) {
      session.end();
      throw error;
    }
    return session;
  }
}

/**
 * One connection, and what hangs on it: session locks and subscriptions. There is one way of
 * healing: whatever goes wrong ends the session, and a new one begins with nothing.
 */
export class RelaySession {
  /** Aborted when the session is over, for whatever reason. */
  readonly ended: AbortSignal;
  private readonly ending = new AbortController();
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly client: pg.Client) {
    this.ended = this.ending.signal;
    client.on('error', (error) => this.end(error));
  }

  /**
   * Runs one statement after those before it. Its failure ends the session. With a name it is parsed
   * and planned once: for what is run without end.
   */
  async query<Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
    name?: string,
  ): Promise<Row[]> {
    const previous = this.last;
    const statement = { text, values: [...values], ...(name === undefined ? {} : { name }) };
    const result = previous.then(() => this.client.query<Row>(statement));
    this.last = result.catch((error: unknown) => this.end(error));
    return (await result).rows;
  }

  /** Hears NOTIFY on a channel for as long as the session lasts. */
  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    this.client.on('notification', (message) => {
      if (message.channel === channel) heard(message.payload ?? '');
    });
    await this.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
  }

  /** Shows the server every so often that this process is alive. */
  keepAlive(everyMs: number): void {
    // A failure has ended the session, which is where it is reported.
    const beat = () => void this.query('SELECT').catch(() => undefined);
    const heartbeat = setInterval(beat, everyMs);
    this.ended.addEventListener('abort', () => clearInterval(heartbeat));
  }

  /** Gives up everything that hangs on the session, without waiting for the server to agree. */
  end(reason: unknown = new Error('The session was ended')): void {
    if (this.ended.aborted) return;
    this.ending.abort(reason);
    void this.client.end();
  }
}
