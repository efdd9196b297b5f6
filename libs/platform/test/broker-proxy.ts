import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const METHOD_FRAME = 1;
const FRAME_END = 0xce;
const CONNECTION_CLASS = 10;
const BLOCKED = 60;
const UNBLOCKED = 61;

interface Link {
  readonly client: Socket;
  readonly broker: Socket;
}

/** Stands between clients and the broker, and does to their connections what networks do. */
export class BrokerProxy {
  readonly #links = new Set<Link>();
  readonly #server = createServer((client) => this.#join(client));

  private constructor(private readonly target: string) {}

  static async start(target: string): Promise<BrokerProxy> {
    const proxy = new BrokerProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** Resets every connection. */
  sever(): void {
    for (const { client, broker } of this.#links) {
      client.resetAndDestroy();
      broker.resetAndDestroy();
    }
  }

  /** Lets nothing through any more, and ends nothing: a network that swallows packets. */
  stall(): void {
    for (const { client, broker } of this.#links) {
      client.unpipe().pause();
      broker.unpipe().pause();
    }
  }

  resume(): void {
    for (const { client, broker } of this.#links) {
      client.pipe(broker);
      broker.pipe(client);
    }
  }

  /** Says what the broker would when its memory or disk runs short; only on idle connections. */
  block(): void {
    const reason = Buffer.from('low on memory');
    this.#tell(BLOCKED, Buffer.concat([Buffer.of(reason.length), reason]));
  }

  unblock(): void {
    this.#tell(UNBLOCKED, Buffer.alloc(0));
  }

  async close(): Promise<void> {
    this.#server.close();
    this.sever();
    await once(this.#server, 'close');
  }

  #join(client: Socket): void {
    const { hostname, port } = new URL(this.target);
    const broker = connect(Number(port), hostname);
    const link = { client, broker };
    this.#links.add(link);
    for (const [socket, other] of [
      [client, broker],
      [broker, client],
    ] as const) {
      socket.setNoDelay(true).pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#links.delete(link);
        other.destroy();
      });
    }
  }

  /** A method frame of the connection class on channel 0 (AMQP 0-9-1, section 4.2). */
  #tell(method: number, methodArguments: Buffer): void {
    const frame = Buffer.alloc(11 + methodArguments.length + 1);
    frame.writeUInt8(METHOD_FRAME, 0);
    frame.writeUInt32BE(4 + methodArguments.length, 3);
    frame.writeUInt16BE(CONNECTION_CLASS, 7);
    frame.writeUInt16BE(method, 9);
    methodArguments.copy(frame, 11);
    frame.writeUInt8(FRAME_END, frame.length - 1);
    for (const { client } of this.#links) client.write(frame);
  }
}
