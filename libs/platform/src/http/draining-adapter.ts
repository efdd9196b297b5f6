import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';

/**
 * For how long requests are waited for that are under way at the end. A connection on which none
 * ever came counts as one that will have one.
 */
const LAST_ANSWERS_MS = 10_000;

/**
 * Ends without refusing anybody: whoever sends requests here is told first that it shall go, by
 * `/health/ready` and by the end of its connection after each answer, and has some time to do so.
 */
export class DrainingAdapter extends FastifyAdapter {
  #leaving = false;
  #closed: Promise<void> | undefined;

  /** @param drainMs for how long it serves on once it is told to end */
  constructor(
    options: FastifyServerOptions,
    private readonly drainMs: number,
  ) {
    // A request that still comes on a connection that is about to end is answered like any other.
    super({ ...options, return503OnClosing: false });
    this.getInstance().addHook('onSend', (_request, reply, _payload, done) => {
      if (this.#leaving) void reply.header('connection', 'close');
      done();
    });
  }

  /** Whether it has been told to end, and should be asked no more. */
  get isLeaving(): boolean {
    return this.#leaving;
  }

  /**
   * INVARIANT: Nest calls and awaits this before it ends anything of the app, so everything that an
   * answer needs is there until the last request has been answered and no more can come.
   */
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the caller awaits it
  override async beforeClose(): Promise<void> {
    this.#leaving = true;
    await sleep(this.drainMs);
    await this.close();
  }

  /** Takes no more connections, ends the idle ones, and resolves when the last answer has left. */
  override close(): Promise<void> {
    this.#closed ??= this.#answerTheLast();
    return this.#closed;
  }

  async #answerTheLast(): Promise<void> {
    const server = this.getHttpServer<Server>();
    const impatience = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
    try {
      await super.close();
    } finally {
      clearTimeout(impatience);
    }
  }
}
