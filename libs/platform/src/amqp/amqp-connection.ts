import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import {
  BehaviorSubject,
  distinctUntilChanged,
  filter,
  firstValueFrom,
  type Observable,
} from 'rxjs';
import type { Secret } from '../config/secret.js';
import type { AmqpLogger } from './amqp-logger.js';
import { backoffMs } from './backoff.js';
import { within } from './deadline.js';

/** A broker that is gone is noticed after two of these. */
const HEARTBEAT_SECONDS = 10;
const CONNECT_TIMEOUT_MS = 10_000;
const SETUP_TIMEOUT_MS = 30_000;
const CLOSE_TIMEOUT_MS = 5_000;

/**
 * CONNECTED: the topology is declared, every channel and consumer is open. BLOCKED: the same, but
 * the broker takes no messages for now (memory or disk alarm), so confirms wait. DISCONNECTED:
 * trying again.
 */
export type AmqpStatus = 'CONNECTED' | 'BLOCKED' | 'DISCONNECTED';

/** Opens what its owner needs on a fresh connection; a rejection drops it, to be tried anew. */
export type ConnectionSetup = (model: ChannelModel) => Promise<void>;

export interface AmqpConnectionOptions {
  /** `amqp:` or `amqps:` URL with its credentials; a `heartbeat` in its query overrides ours. */
  readonly url: Secret;
  /** Shown by the broker's own tools. */
  readonly name: string;
  /** Declares what everything else rests on; runs before any setup and must be repeatable. */
  readonly declare: (channel: Channel) => Promise<void>;
  readonly logger: AmqpLogger;
}

/** One physical connection, from its opening until it is closed or given up. */
interface Session {
  readonly model: ChannelModel;
  readonly over: Promise<void>;
  readonly end: () => void;
  open: boolean;
  blocked: boolean;
}

/**
 * One connection to the broker that comes back by itself, with all that was open on it. The broker
 * is allowed to be gone at any time and for any time: that is a status, never an error of ours.
 *
 * There is one way of healing. Whatever goes wrong on a connection (a channel closed by the broker,
 * a consumer cancelled because its queue was deleted) ends it, and the next one declares and opens
 * everything again. amqplib has a recovery of its own, but it misses a connection that ends just as
 * its setup does, and waits without bound for a failed one to close.
 */
export class AmqpConnection {
  readonly #url: string;
  readonly #status = new BehaviorSubject<AmqpStatus>('DISCONNECTED');
  readonly #setups = new Set<ConnectionSetup>([(model) => this.#declare(model)]);
  readonly #closing = new AbortController();
  #sessions = Promise.resolve();
  /** Set while everything is up, and only then. */
  #ready: Session | undefined;

  constructor(private readonly options: AmqpConnectionOptions) {
    this.#url = withHeartbeat(options.url.reveal());
  }

  /** Begins connecting, without waiting for the broker. Called once. */
  open(): void {
    this.#sessions = this.#run();
  }

  get connected(): boolean {
    return this.#ready !== undefined;
  }

  get blocked(): boolean {
    return this.#ready?.blocked ?? false;
  }

  /** The present status, then every change of it; completes when closed. */
  get status(): Observable<AmqpStatus> {
    return this.#status.pipe(distinctUntilChanged());
  }

  /** Resolves once connected, at once if so already; rejects when closed before. */
  async whenConnected(): Promise<void> {
    const connected = this.status.pipe(filter((status) => status !== 'DISCONNECTED'));
    const status = await firstValueFrom(connected, { defaultValue: 'CLOSED' });
    if (status === 'CLOSED') throw new Error('the AMQP connection was closed for good');
  }

  /**
   * Runs `setup` on every connection, in the order of registration, and on the present one if it is
   * up already. Returns the way to unregister it.
   */
  onConnection(setup: ConnectionSetup): () => void {
    this.#setups.add(setup);
    const model = this.#ready?.model;
    if (model) setup(model).catch((error) => this.reset(model, error));
    return () => this.#setups.delete(setup);
  }

  /** Ends `model`, so that the next connection sets everything up anew. */
  reset(model: ChannelModel, reason: unknown): void {
    // One tick later: when the whole connection is ending, its channels are the first to say so.
    setImmediate(() => {
      const session = this.#ready;
      if (session?.model !== model || this.#closing.signal.aborted) return;
      this.options.logger.warn({ err: reason }, 'AMQP connection is reset');
      void this.#leave(session);
    });
  }

  /** Declares the topology again on the present connection, if there is one. */
  async redeclare(): Promise<void> {
    if (this.#ready) await this.#declare(this.#ready.model);
  }

  /** Ends the connection for good. Consumers are closed before it by their owners. */
  async close(): Promise<void> {
    this.#closing.abort();
    if (this.#ready) await this.#leave(this.#ready);
    await this.#inGoodTime('ending the AMQP connection', this.#sessions);
    this.#status.complete();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#session();
        failures = 0;
      } catch (error) {
        failures += 1;
        if (!signal.aborted) {
          this.options.logger.warn({ err: error, failures }, 'AMQP connection failed');
        }
      }
      // Waits only as long as the connection may be tried again.
      await sleep(backoffMs(failures), undefined, { signal }).catch(() => undefined);
    }
  }

  /** One connection from its opening to its end; rejects if it never became ready. */
  async #session(): Promise<void> {
    const session = this.#follow(
      await connect(this.#url, {
        noDelay: true,
        keepAlive: true,
        timeout: CONNECT_TIMEOUT_MS,
        clientProperties: { connection_name: this.options.name },
      }),
    );
    try {
      await within(SETUP_TIMEOUT_MS, 'setting up the AMQP connection', this.#setUp(session));
    } catch (error) {
      await this.#leave(session);
      throw error;
    }
    this.#status.next(session.blocked ? 'BLOCKED' : 'CONNECTED');
    this.options.logger.info({}, 'AMQP connected');
    await session.over;
    this.options.logger.info({}, 'AMQP disconnected');
  }

  #follow(model: ChannelModel): Session {
    const { logger } = this.options;
    let end!: () => void;
    const over = new Promise<void>((resolve) => (end = resolve));
    const session: Session = { model, over, end, open: true, blocked: false };
    const setBlocked = (blocked: boolean) => {
      session.blocked = blocked;
      if (this.#ready === session) this.#status.next(blocked ? 'BLOCKED' : 'CONNECTED');
    };
    // INVARIANT: an 'error' event that nobody listens to would end the process.
    model.on('error', (error) => logger.warn({ err: error }, 'AMQP connection error'));
    model.on('blocked', (reason) => {
      logger.warn({ reason }, 'AMQP broker takes no messages');
      setBlocked(true);
    });
    model.on('unblocked', () => {
      logger.info({}, 'AMQP broker takes messages again');
      setBlocked(false);
    });
    model.on('close', () => this.#over(session));
    return session;
  }

  async #setUp(session: Session): Promise<void> {
    for (const setup of this.#setups) await setup(session.model);
    this.#closing.signal.throwIfAborted();
    // The broker may have closed it right behind its last answer, and will not say so again.
    if (!session.open) throw new Error('the AMQP connection closed while it was set up');
    this.#ready = session;
  }

  /** Closes it if the broker plays along; if not, leaves it to end by its heartbeat, unattended. */
  async #leave(session: Session): Promise<void> {
    this.#retire(session);
    await this.#inGoodTime('closing the AMQP connection', session.model.close());
    this.#over(session);
  }

  #over(session: Session): void {
    this.#retire(session);
    session.open = false;
    session.end();
  }

  #retire(session: Session): void {
    if (this.#ready !== session) return;
    this.#ready = undefined;
    this.#status.next('DISCONNECTED');
  }

  async #declare(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel();
    // The rejected declaration carries the same error, and is where it is handled.
    channel.on('error', () => undefined);
    await this.options.declare(channel);
    await channel.close();
  }

  /** Waits for an ending, but not for ever: what the broker does not answer, the heartbeat ends. */
  async #inGoodTime(what: string, ending: Promise<void>): Promise<void> {
    try {
      await within(CLOSE_TIMEOUT_MS, what, ending);
    } catch (error) {
      this.options.logger.info({ err: error }, 'AMQP connection did not end in good order');
    }
  }
}

/** The URL with our heartbeat, unless it has one of its own. */
export function withHeartbeat(text: string): string {
  // The error of `new URL` would carry the text, and the text carries the password.
  if (!URL.canParse(text)) throw new Error('the AMQP URL is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'amqp:' && url.protocol !== 'amqps:') {
    throw new Error('the AMQP URL must begin with amqp: or amqps:');
  }
  if (!url.searchParams.has('heartbeat')) {
    url.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  }
  return url.href;
}
