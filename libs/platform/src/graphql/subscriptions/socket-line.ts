import { WebSocket } from 'ws';
import { SOCKET_CLOSED, type SocketClosed, type SocketLimits } from './socket-limits.js';

/** For how long a client may take to confirm that a socket is closed. */
const CLOSING_MS = 2_000;

type Parts = Pick<SocketLimits, 'keepAliveMs' | 'unreadMs'> & {
  /** Something failed that a client cannot cause. */
  readonly onFault: (error: unknown) => void;
  /** Runs what a message causes as part of the request that the socket began with. */
  readonly inRequest: (work: () => void) => void;
};

/**
 * One client's socket. What is sent is sent when the client reads: whoever sends the next message only
 * then never has more than one waiting, and a client that does not read is closed.
 */
export class SocketLine {
  #isThere = true;
  readonly #timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly socket: WebSocket,
    private readonly parts: Parts,
  ) {
    const here = (): void => void (this.#isThere = true);
    socket.on('pong', here);
    socket.on('message', here);
    // The client's doing, such as a message too large; the socket is closed for it by itself.
    socket.on('error', here);
    this.#timers.push(setInterval(() => this.#askWhetherThere(), parts.keepAliveMs));
    socket.once('close', () => this.#timers.forEach(clearTimeout));
  }

  get protocol(): string {
    return this.socket.protocol;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** Resolves when the message is on its way, or never will be. */
  send(data: string): Promise<void> {
    if (!this.isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      const unread = setTimeout(() => this.closeFor(SOCKET_CLOSED.TOO_SLOW), this.parts.unreadMs);
      this.socket.send(data, () => {
        clearTimeout(unread);
        resolve();
      });
    });
  }

  close(code?: number, reason?: string): void {
    this.socket.close(code, reason);
    const timer = setTimeout(() => this.end(), CLOSING_MS);
    this.#timers.push(timer);
  }

  closeFor({ code, reason }: SocketClosed): void {
    this.close(code, reason);
  }

  /** Ends it without a word. */
  end(): void {
    this.socket.terminate();
  }

  /** Closes it at a moment, however far away. */
  closeAt(moment: number, why: SocketClosed): void {
    const close = (): void => this.closeFor(why);
    this.#timers.push(setTimeout(close, Math.min(Math.max(moment - Date.now(), 0), MAX_TIMER_MS)));
  }

  onMessage(handle: (data: string) => Promise<void>): void {
    const { onFault, inRequest } = this.parts;
    const orClose = (error: unknown): void => {
      onFault(error);
      this.closeFor(SOCKET_CLOSED.FAULT);
    };
    // The socket tells of it outside of any request.
    this.socket.on('message', (data: Buffer) =>
      inRequest(() => void handle(data.toString()).catch(orClose)),
    );
  }

  #askWhetherThere(): void {
    if (!this.#isThere) return this.end();
    this.#isThere = false;
    if (this.isOpen) this.socket.ping();
  }
}

/** A timer takes no more: a token that lives for a month closes its socket after 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;
