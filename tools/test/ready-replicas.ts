import { setTimeout as sleep } from 'node:timers/promises';

const PROBE_INTERVAL_MS = 100;
/** A replica that is slow to say so is as ready as it was until then. */
const PROBE_TIMEOUT_MS = 3_000;

/**
 * Which replicas may be sent requests: those that said they are ready when they were last asked, as
 * the endpoints of a service in Kubernetes are kept.
 */
export class ReadyReplicas {
  readonly #ready: boolean[];
  readonly #stopping = new AbortController();
  #probing: Promise<unknown> = Promise.resolve();
  #turn = 0;

  private constructor(private readonly urls: readonly string[]) {
    this.#ready = urls.map(() => false);
  }

  /** Asks each until `stop`; resolves when each has been asked once. */
  static async watch(urls: readonly string[]): Promise<ReadyReplicas> {
    const replicas = new ReadyReplicas(urls);
    await Promise.all(urls.map((_, index) => replicas.#probe(index)));
    replicas.#probing = Promise.all(urls.map((_, index) => replicas.#keepProbing(index)));
    return replicas;
  }

  isReady(index: number): boolean {
    return this.#ready[index] === true;
  }

  /** The index of the one whose turn it is. Throws when none is ready: a request would be refused. */
  pick(): number {
    const order = this.urls.map((_url, step) => (this.#turn + 1 + step) % this.urls.length);
    const next = order.find((index) => this.isReady(index));
    if (next === undefined) throw new Error('no replica is ready');
    this.#turn = next;
    return next;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#probing;
  }

  async #keepProbing(index: number): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#probe(index);
      await sleep(PROBE_INTERVAL_MS);
    }
  }

  async #probe(index: number): Promise<void> {
    try {
      const response = await fetch(`${this.urls[index]}/health/ready`, {
        signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
      });
      await response.body?.cancel();
      this.#ready[index] = response.ok;
    } catch {
      // Nobody listens, or not in time: not ready.
      this.#ready[index] = false;
    }
  }
}
