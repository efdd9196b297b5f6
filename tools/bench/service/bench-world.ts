import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, type Service, Watchdog } from '@bastion/local-stack';
import { startTemporaryPlatform, type TemporaryPlatform } from '../../stack/temporary-platform.js';
import { CERBOS, startCerbos } from './cerbos.js';
import { LoadGenerator } from './load-generator.js';
import { installOnDemand } from './on-demand.js';

/** As an image sets it; Apollo does more for developers without it. */
const PRODUCTION = { NODE_ENV: 'production' } as const;

/** Where something listens, and in which process. */
export interface Listener {
  readonly url: string;
  readonly pid: number;
}

/** The platform that is measured, and what it is measured with and against, in processes of their own. */
export class BenchWorld {
  readonly #endings: (() => unknown)[] = [];

  private constructor(
    readonly platform: TemporaryPlatform,
    readonly generator: LoadGenerator,
    /** For what its parts want to keep, gone in the end. */
    private readonly folder: string,
  ) {}

  /** @throws LocalStackError when the platform cannot be started */
  static async start(): Promise<BenchWorld> {
    // Load is what a benchmark is about; that it is refused is not.
    const gatekeeper = { ...PRODUCTION, MAX_EVENT_LOOP_DELAY_MS: '60000' };
    const platform = await startTemporaryPlatform(() => undefined, { environment: { gatekeeper } });
    const folder = mkdtempSync(join(tmpdir(), 'bastion-bench-'));
    return new BenchWorld(platform, LoadGenerator.start(), folder);
  }

  get gatekeeper(): Listener {
    return { url: this.platform.gatekeeperUrl, pid: this.platform.gatekeeper.pid! };
  }

  /** Writes a value as JSON, for a process to read. */
  write(name: string, value: unknown): string {
    const file = join(this.folder, name);
    writeFileSync(file, JSON.stringify(value));
    return file;
  }

  /** A program of this folder, which gets its port before the other arguments and has a `/ready`. */
  async startEcho(script: string, ...args: readonly string[]): Promise<Listener> {
    const port = await freePort();
    const service: Service = await this.platform.stack.services.start({
      name: script,
      script: fileURLToPath(new URL(`./${script}.js`, import.meta.url)),
      args: [String(port), ...args],
      environment: PRODUCTION,
      readyUrl: `http://127.0.0.1:${port}/ready`,
    });
    return { url: `http://127.0.0.1:${port}`, pid: service.pid! };
  }

  /** undefined: it cannot be had here. */
  async startCerbos(print: (line: string) => void): Promise<Listener | undefined> {
    const installed = await installOnDemand(CERBOS.name, CERBOS.version, print);
    if (installed === undefined) return undefined;
    const { folder } = this;
    const watchdog = Watchdog.start({
      pidFile: join(folder, 'watchdog.pid'),
      logFile: join(folder, 'watchdog.log'),
    });
    this.onStop(() => watchdog.stop()); // and with it what it watches
    return startCerbos(installed, folder, watchdog);
  }

  /** Does it when everything ends, before what was there earlier does. */
  onStop(end: () => unknown): void {
    this.#endings.unshift(end);
  }

  async stop(): Promise<void> {
    for (const end of this.#endings) await end();
    this.generator.stop();
    await this.platform.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
