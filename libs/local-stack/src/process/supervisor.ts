import { ManagedProcess } from './managed-process.js';
import type { StackGround } from '../stack-ground.js';

/** A Node program that serves HTTP and says when it is ready. */
export interface ServiceSpec {
  /** As messages and its log file name it: `gatekeeper`. */
  readonly name: string;
  /** The program, and options of Node before it. */
  readonly script: string;
  readonly args?: readonly string[];
  readonly nodeOptions?: readonly string[];
  /** All that the program gets to see of the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Answers 200 once the service is ready: `http://127.0.0.1:3000/health/ready`. */
  readonly readyUrl: string;
}

const READY_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 2_000;
/** Longer than a service takes to send its clients away, answer the last of them and let go. */
const STOP = { signal: 'SIGTERM', graceMs: 30_000 } as const;

/** A service that can be stopped, killed and started again. */
export class Service {
  private process: ManagedProcess | undefined;

  constructor(
    private readonly spec: ServiceSpec,
    private readonly ground: StackGround,
  ) {}

  get name(): string {
    return this.spec.name;
  }

  /** Its process id while it runs. */
  get pid(): number | undefined {
    return this.process?.isRunning ? this.process.pid : undefined;
  }

  /**
   * Starts it and waits until it is ready.
   * @throws LocalStackError with its last log lines when it ends first or takes too long
   */
  async start(): Promise<void> {
    const { name, script, args = [], nodeOptions = [], environment, readyUrl } = this.spec;
    const { state } = this.ground;
    const service = await ManagedProcess.start(
      {
        name,
        command: process.execPath,
        args: [...nodeOptions, script, ...args],
        env: environment,
        folder: state.path,
        stop: STOP,
      },
      this.ground,
    );
    this.process = service;
    try {
      await service.untilReady(() => answersOk(readyUrl), READY_TIMEOUT_MS);
    } catch (error) {
      await service.kill();
      throw error;
    }
  }

  /** Lets it finish what it is doing. */
  async stop(): Promise<void> {
    await this.process?.stop();
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    await this.process?.kill();
  }

  /** The last lines of its log. */
  lastLines(count?: number): readonly string[] {
    return this.process?.lastLines(count) ?? [];
  }
}

/** Starts services and stops them in reverse order. */
export class Supervisor {
  private readonly services: Service[] = [];

  constructor(private readonly ground: StackGround) {}

  /** @throws LocalStackError when the service does not become ready; it has ended then */
  async start(spec: ServiceSpec): Promise<Service> {
    const service = new Service(spec, this.ground);
    await service.start();
    this.services.push(service);
    return service;
  }

  async stopAll(): Promise<void> {
    for (const service of this.services.splice(0).reverse()) await service.stop();
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Refused or too slow: not ready.
    return false;
  }
}
