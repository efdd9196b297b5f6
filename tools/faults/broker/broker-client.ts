import { backoffMs } from '@bastion/platform/amqp';
import type { Life } from '../simulation/process.js';
import type { Random } from '../simulation/random.js';
import type { Broker } from './broker.js';
import type { BrokerConnection } from './broker-connection.js';

export interface BrokerClientParts {
  readonly life: Life;
  readonly broker: Broker;
  readonly random: Random;
  /** Opens what the process needs on a fresh connection; throws: it is dropped and tried anew. */
  readonly setUp: (connection: BrokerConnection) => Promise<void>;
  /** Whether all is up and messages are taken; every change of that. */
  readonly onReady: (ready: boolean) => void;
}

/** A process's connection to the broker, which comes back by itself, as `AmqpConnection` does. */
export class BrokerClient {
  #connection: BrokerConnection | undefined;
  readonly #never = new AbortController().signal;

  constructor(private readonly parts: BrokerClientParts) {}

  /** Undefined while it is not up. */
  get connection(): BrokerConnection | undefined {
    return this.#connection;
  }

  open(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { life, random } = this.parts;
    for (let failures = 0; ; failures += 1) {
      if (await this.#session()) failures = 0;
      await life.clock.sleep(backoffMs(failures, random.next()), this.#never);
    }
  }

  /** One connection to its end; whether it was ever up. */
  async #session(): Promise<boolean> {
    const { life, broker, setUp, onReady } = this.parts;
    const wire = broker.wire();
    let connection: BrokerConnection | undefined;
    try {
      connection = await life.request('connect', wire, () => broker.connect(life, wire));
      const opened = connection;
      const over = new Promise<void>((resolve) => (opened.onClose = resolve));
      await life.request('declare', wire, () => broker.declare(opened));
      await setUp(opened);
      if (!opened.open) return false;
      this.#connection = opened;
      opened.onBlocked = (blocked) => onReady(!blocked);
      onReady(!opened.blocked);
      await over;
      this.#connection = undefined;
      onReady(false);
      return true;
    } catch {
      // The broker is allowed to be gone: that is why there is a next time.
      if (connection) broker.drop(connection);
      return false;
    }
  }
}
