import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RabbitMq, serverUser, StateFolder, Watchdog } from '@bastion/local-stack';

/** Where `npm start` unpacks RabbitMQ too, so that it is fetched once. */
const CACHE = fileURLToPath(new URL('../../../.local/cache', import.meta.url));

/** A RabbitMQ that belongs to one test, which may stop it, kill it and start it again. */
export class TestBroker {
  private constructor(
    private readonly rabbitMq: RabbitMq,
    private readonly state: StateFolder,
    private readonly watchdog: Watchdog,
  ) {}

  /** Takes 5 to 25 seconds, and longer where the broker has to be fetched first. */
  static async start(): Promise<TestBroker> {
    const path = mkdtempSync(join(tmpdir(), 'bastion-broker-'));
    chmodSync(path, 0o755); // the broker runs as another account, which must be able to enter
    const user = serverUser();
    const state = await StateFolder.open({ path, user });
    const logFile = state.file('watchdog.log');
    const watchdog = Watchdog.start({ pidFile: state.watchdogFile, logFile });
    const rabbitMq = await RabbitMq.start({
      state,
      watchdog,
      user,
      lost: () => undefined,
      cache: CACHE,
      report: () => undefined,
    });
    return new TestBroker(rabbitMq, state, watchdog);
  }

  get url(): string {
    return this.rabbitMq.url;
  }

  /** Starts it again after {@link stop} or {@link kill}, at the same address and with its queues. */
  start(): Promise<void> {
    return this.rabbitMq.start();
  }

  stop(): Promise<void> {
    return this.rabbitMq.stop();
  }

  kill(): Promise<void> {
    return this.rabbitMq.kill();
  }

  /** Leaves nothing behind. */
  async remove(): Promise<void> {
    await this.rabbitMq.stop();
    await this.watchdog.stop();
    this.state.close();
    rmSync(this.state.path, { recursive: true });
  }
}
