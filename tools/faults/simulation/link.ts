import { SyncInvalidAnswerError, SyncUnavailableError } from '@bastion/platform/sync-client';
import type { Life } from './process.js';
import type { Random } from './random.js';
import type { VirtualTime } from './virtual-time.js';

/** How long after something did not come through it is sent again, ms. */
const SENT_AGAIN: readonly [number, number] = [200, 1_500];

/**
 * The way of requests and answers between two processes, each on its own: what is asked later may be
 * answered earlier. REFUSED: said at once. SILENT: nothing comes through for now, and nobody says so;
 * questions and answers of before arrive when it is over, if anybody still waits for them.
 */
export class Link {
  state: 'UP' | 'REFUSED' | 'SILENT' = 'UP';
  /** One way, ms: least and most. */
  latency: readonly [number, number] = [0.2, 4];
  /** Share of questions or answers that get lost. */
  lossRate = 0;
  /** Share of answers that break off. */
  halfRate = 0;
  /** Share of answers that are no answers, as of a proxy in between. */
  nonsenseRate = 0;

  constructor(
    private readonly name: string,
    private readonly time: VirtualTime,
    private readonly random: Random,
  ) {}

  heal(): void {
    this.state = 'UP';
    this.latency = [0.2, 4];
    this.lossRate = this.halfRate = this.nonsenseRate = 0;
  }

  /** Throws SyncUnavailableError after `timeoutMs`, or whatever `serve` throws. */
  call<T>(life: Life, what: string, timeoutMs: number, serve: () => Promise<T>): Promise<T> {
    const asked = `${life.process.name} asks ${this.name}: ${what}`;
    return new Promise((resolve, reject) => {
      if (!life.alive) return;
      const crash = life.process.crashAt(life.process.name, what);
      if (crash === 'BEFORE') {
        life.process.kill();
        return;
      }
      const cancel = life.timer(timeoutMs, `${what} timed out`, () =>
        reject(new SyncUnavailableError('not answered in time')),
      );
      const answer = (how: string, run: () => void): void => {
        if (crash === 'AFTER') life.process.kill();
        this.#carry(`${asked}: ${how}`, () =>
          life.deliver(() => {
            cancel();
            run();
          }),
        );
      };
      const fail = (error: unknown) =>
        answer('failed', () => reject(error instanceof Error ? error : new Error(String(error))));
      if (this.state === 'REFUSED') {
        fail(new SyncUnavailableError('refused'));
        return;
      }
      this.#carry(asked, () => {
        serve().then((value) => {
          if (this.random.chance(this.halfRate)) fail(new SyncUnavailableError('broke off'));
          else if (this.random.chance(this.nonsenseRate)) fail(new SyncInvalidAnswerError('no'));
          else answer('answered', () => resolve(value));
        }, fail);
      });
    });
  }

  #carry(what: string, arrive: () => void): void {
    if (this.random.chance(this.lossRate)) return;
    this.time.after(this.random.between(...this.latency), what, () => {
      if (this.state === 'SILENT') this.#sendAgain(what, arrive);
      else arrive();
    });
  }

  #sendAgain(what: string, arrive: () => void): void {
    this.time.after(this.random.between(...SENT_AGAIN), `${what}, again`, () => {
      if (this.state === 'SILENT') this.#sendAgain(what, arrive);
      else arrive();
    });
  }
}
