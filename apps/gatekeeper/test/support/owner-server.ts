import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  accessChangedV1,
  changesQueryV1,
  GENESIS_DIGEST,
  headsRequestV1,
  type AccessChangedV1,
  type ChangesResponseV1,
} from '@bastion/contracts';
import { eventToWire, factsToWire } from '@bastion/platform';
import type { ChangeSet } from '../../src/owner/index.js';
import type { OwnerDouble } from './owner-double.js';

/**
 * The owner's pull endpoints over real HTTP, in front of its log in memory, and the endpoint where a
 * client gets its token. While the log is `failing` it answers 503.
 */
export class OwnerServer {
  private constructor(
    private readonly server: Server,
    private readonly owner: OwnerDouble,
  ) {}

  static async start(owner: OwnerDouble): Promise<OwnerServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const started = new OwnerServer(server, owner);
    server.on('request', (request, response) => void started.#serve(request, response));
    return started;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get tokenEndpoint(): string {
    return `${this.url}/token`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await this.#answer(request).catch(() => ({ status: 503, body: {} }));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    if (pathname === '/token') {
      return { status: 200, body: { access_token: 'gatekeeper', token_type: 'Bearer' } };
    }
    if (request.headers.authorization !== 'Bearer gatekeeper') return { status: 401, body: {} };
    if (pathname === '/sync/v1/heads') {
      const { tenantIds } = headsRequestV1.parse(JSON.parse(await textOf(request)));
      return { status: 200, body: await this.owner.heads(tenantIds) };
    }
    const [, tenantId = '', what] = /^\/sync\/v1\/tenants\/([^/]+)\/(\w+)$/.exec(pathname) ?? [];
    const query = Object.fromEntries(searchParams);
    const body =
      what === 'changes' ? await this.#changes(tenantId, query) : await this.#snapshot(tenantId);
    return body === undefined ? { status: 404, body: {} } : { status: 200, body };
  }

  async #snapshot(tenantId: string): Promise<unknown> {
    if (this.owner.garbled.snapshot) return {};
    const snapshot = await this.owner.snapshot(tenantId);
    return snapshot && { ...snapshot, facts: factsToWire(snapshot.facts) };
  }

  async #changes(tenantId: string, query: object): Promise<ChangesResponseV1 | object | undefined> {
    const { epoch, after, digest = GENESIS_DIGEST, limit } = changesQueryV1.parse(query);
    const answer = await this.owner.changes(tenantId, { epoch, revision: after, digest }, limit);
    if (answer.kind === 'NO_TENANT') return undefined;
    if (answer.kind === 'UNUSABLE') return {};
    if (answer.kind !== 'RANGE') return answer;
    return { ...answer, changes: answer.changes.map(wireOf) };
  }
}

/** A change set as it travels. */
export function wireOf(change: ChangeSet): AccessChangedV1 {
  const events = change.kind === 'CHANGES' ? change.events.map(eventToWire) : undefined;
  return accessChangedV1.parse({ ...change, events, committedAt: 0 });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
