import { chownSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { connect } from 'node:net';
import { greetsAmqp } from './amqp-greeting.js';
import { assertEnterable } from '../state/enterable.js';
import { ManagedProcess } from '../process/managed-process.js';
import { choosePort, freePort } from '../ports/ports.js';
import type { RabbitMqInstallation } from './rabbitmq-installation.js';
import { findRabbitMq } from './rabbitmq-packages.js';
import {
  rabbitMqConfiguration,
  rabbitMqEnvironment,
  type RabbitMqPorts,
} from './rabbitmq-settings.js';
import type { StackGround } from '../stack-ground.js';
import { brokenState } from '../state/state-folder.js';

export interface RabbitMqOptions extends StackGround {
  /** Where the broker is unpacked when the machine has none; stacks may share it. */
  readonly cache: string;
  /** A free port when undefined. */
  readonly port?: number | undefined;
  /** Told when the broker has to be fetched. */
  readonly report: (detail: string) => void;
}

const LOGIN = 'bastion';
const PASSWORD = 'rabbitmq';
const FOLDER = 'rabbitmq';
const READY_TIMEOUT_MS = 120_000;
/** The Erlang VM stops in order on SIGTERM: 3 s, up to 8 s with plugins. */
const STOP = { signal: 'SIGTERM', graceMs: 20_000 } as const;

/** A RabbitMQ on 127.0.0.1 whose durable queues outlive it. */
export class RabbitMq {
  private epmd: ManagedProcess | undefined;
  private broker: ManagedProcess | undefined;

  private constructor(
    private readonly options: RabbitMqOptions,
    private readonly installation: RabbitMqInstallation,
    /** On 127.0.0.1, the same after `stop` and `start`. */
    readonly ports: RabbitMqPorts,
  ) {}

  /**
   * Finds or fetches the broker and starts it.
   * @throws NoRabbitMqError when there is no broker to be had
   * @throws LocalStackError when the port is in use or the broker's state is broken
   */
  static async start(options: RabbitMqOptions): Promise<RabbitMq> {
    const choice = { part: 'RabbitMQ', variable: 'AMQP_PORT', configured: options.port };
    const ports = {
      amqp: await choosePort(choice),
      distribution: await freePort(),
      epmd: await freePort(),
    };
    const installation = await findRabbitMq(options.cache, options.report);
    if (options.user) {
      assertEnterable(dirname(installation.server), options.user, 'The unpacked RabbitMQ in');
    }
    const rabbitMq = new RabbitMq(options, installation, ports);
    await rabbitMq.start();
    return rabbitMq;
  }

  get port(): number {
    return this.ports.amqp;
  }

  get url(): string {
    return `amqp://${LOGIN}:${this.options.state.secret(PASSWORD)}@127.0.0.1:${this.port}`;
  }

  /** Starts it again after `stop` or `kill`, on the same port and state. */
  async start(): Promise<void> {
    const { state } = this.options;
    const folder = state.serverFolder(FOLDER);
    const hadState = existsSync(state.file(FOLDER, 'mnesia'));
    this.writeConfiguration();
    const environment = rabbitMqEnvironment(this.installation, folder, this.ports);
    try {
      this.epmd = await this.startEpmd(environment);
      this.broker = await this.startBroker(environment);
    } catch (error) {
      await this.stop();
      throw hadState ? brokenState((error as Error).message, error) : error;
    }
  }

  /** Stops in order: everything confirmed is on disk. */
  async stop(): Promise<void> {
    await this.broker?.stop();
    await this.epmd?.stop();
  }

  /**
   * Ends it as a crash would. Seen with RabbitMQ 3.10: a quorum queue declared within the last
   * second may be listed afterwards but serve nobody, so let queues grow older than that first.
   */
  async kill(): Promise<void> {
    await this.broker?.kill();
    await this.epmd?.kill();
  }

  /** Throws away all it has, while it is stopped: it starts empty. */
  forget(): void {
    rmSync(this.options.state.file(FOLDER, 'mnesia'), { recursive: true, force: true });
  }

  private writeConfiguration(): void {
    const { state } = this.options;
    const password = state.secret(PASSWORD);
    this.writeForServer('rabbitmq.conf', rabbitMqConfiguration(this.port, LOGIN, password));
    this.writeForServer('enabled_plugins', '[].\n');
  }

  private writeForServer(name: string, content: string): void {
    const { state, user } = this.options;
    const file = state.file(FOLDER, name);
    writeFileSync(file, content, { mode: 0o600 });
    if (user) chownSync(file, user.uid, user.gid);
  }

  private async startEpmd(env: Record<string, string>): Promise<ManagedProcess> {
    const port = this.ports.epmd;
    const args = ['-address', '127.0.0.1', '-port', String(port)];
    const epmd = await this.startProcess('epmd', this.installation.epmd, args, env);
    await epmd.untilReady(() => accepts(port), READY_TIMEOUT_MS);
    return epmd;
  }

  private async startBroker(env: Record<string, string>): Promise<ManagedProcess> {
    const broker = await this.startProcess('RabbitMQ', this.installation.server, [], env);
    try {
      await broker.untilReady(() => greetsAmqp(this.port), READY_TIMEOUT_MS);
    } catch (error) {
      await broker.kill();
      throw error;
    }
    return broker;
  }

  private startProcess(
    name: string,
    command: string,
    args: readonly string[],
    env: Record<string, string>,
  ): Promise<ManagedProcess> {
    const { state, user } = this.options;
    return ManagedProcess.start(
      {
        name,
        command,
        args,
        env,
        folder: state.file(FOLDER),
        user,
        stop: STOP,
      },
      this.options,
    );
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
