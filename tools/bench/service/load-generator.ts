import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** So many connections, each with one request under way at any time. */
export interface Load {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON, sent in turn. */
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly milliseconds: number;
}

export interface LoadResult {
  readonly seconds: number;
  /** Answers other than 200, and requests without an answer. */
  readonly failures: number;
  /** Of every request that was answered with 200. */
  readonly latenciesMs: readonly number[];
}

const SCRIPT = fileURLToPath(new URL('./load-process.js', import.meta.url));

/** A process that sends requests. */
export class LoadGenerator {
  private constructor(private readonly process: ChildProcess) {}

  static start(): LoadGenerator {
    return new LoadGenerator(fork(SCRIPT, { serialization: 'advanced' }));
  }

  /** @throws Error when any request failed: then it is not the service's speed that would be measured */
  async send(load: Load): Promise<LoadResult> {
    this.process.send(load);
    const [result] = (await once(this.process, 'message')) as [LoadResult];
    if (result.failures > 0) {
      throw new Error(`${load.url} did not answer ${result.failures} requests with 200`);
    }
    return result;
  }

  stop(): void {
    this.process.disconnect();
  }
}
