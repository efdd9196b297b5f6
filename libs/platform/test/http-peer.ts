import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Reply {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

type Route = (request: Received) => Reply | undefined | Promise<Reply | undefined>;

/** A real HTTP server that records what it gets; a route that says nothing never answers. */
export class HttpPeer {
  readonly received: Received[] = [];
  route: Route = () => ({ status: 404 });
  connections = 0;

  private constructor(private readonly server: Server) {}

  static async start(): Promise<HttpPeer> {
    const server = createServer();
    const peer = new HttpPeer(server);
    server.on('connection', () => (peer.connections += 1));
    server.on('request', (request, response) => void peer.answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return peer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const received = await read(request);
    this.received.push(received);
    const reply = await this.route(received);
    if (!reply) return;
    response.writeHead(reply.status ?? 200, reply.headers);
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}));
  }

  paths(): string[] {
    return this.received.map(({ url }) => url);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? '',
    url: request.url ?? '',
    authorization: request.headers.authorization,
    body: Buffer.concat(chunks).toString(),
  };
}
