import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { freePort } from '@bastion/local-stack';
import { type Fault, takesConnections } from './fault.js';
import { Link } from './link.js';

const PASS: Fault = { kind: 'PASS' };

/** Stands on 127.0.0.1 in front of a TCP port there, and does what networks do. */
export class FaultProxy {
  readonly #links = new Set<Link>();
  #server: Server | undefined;
  #fault = PASS;
  #accepted = 0;

  private constructor(
    private readonly targetPort: number,
    /** Where it listens; the same for as long as it is open. */
    readonly port: number,
  ) {}

  /** @param target the port in front of which it stands; nobody need listen there yet */
  static async open(target: { readonly port: number }): Promise<FaultProxy> {
    // Not one that outgoing connections get: while it refuses, its port must stay its own.
    const proxy = new FaultProxy(target.port, await freePort());
    await proxy.#listen();
    return proxy;
  }

  /** How many connections it has taken so far. */
  get accepted(): number {
    return this.#accepted;
  }

  /** What a URL of the target becomes by way of the proxy. */
  at(targetUrl: string): string {
    return targetUrl.replace(new URL(targetUrl).host, `127.0.0.1:${this.port}`);
  }

  /** From when this resolves on, connections new and old suffer this and nothing else. */
  async inject(fault: Fault): Promise<void> {
    this.#fault = fault;
    if (takesConnections(fault)) await this.#listen();
    else this.#refuse();
    if (fault.kind === 'RESET') await this.#resetAll();
    else for (const link of this.#links) link.set(fault);
  }

  /** The network is well again. */
  async heal(): Promise<void> {
    await this.inject(PASS);
  }

  /** Writes bytes of one's own to every client, between those of the target. */
  sendToClients(bytes: Buffer): void {
    for (const link of this.#links) link.sendToClient(bytes);
  }

  /** Ends every connection; nothing of the proxy is left. */
  async close(): Promise<void> {
    const server = this.#server;
    const closed = server && once(server, 'close');
    this.#refuse();
    await this.#resetAll();
    await closed;
  }

  async #resetAll(): Promise<void> {
    await Promise.all([...this.#links].map((link) => link.reset()));
  }

  async #listen(): Promise<void> {
    if (this.#server) return;
    // A server of its own each time: one that refuses lives on until its last connection has ended.
    const server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    this.#server = server;
    server.listen({ port: this.port, host: '127.0.0.1' });
    await once(server, 'listening');
  }

  #refuse(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  #accept(client: Socket): void {
    this.#accepted += 1;
    const link = new Link(client, this.targetPort, this.#fault, (ended) =>
      this.#links.delete(ended),
    );
    this.#links.add(link);
  }
}
