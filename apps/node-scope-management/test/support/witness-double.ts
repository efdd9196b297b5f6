import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  accessChangedV1,
  type BarV1,
  digestResponseV1,
  type HistoryPointV1,
  type ReplicaTenantV1,
  replicaStatusV1,
  resyncResponseV1,
  tenantFactsV1,
  type TenantFactsV1,
  type WitnessedRevisionV1,
  witnessFactsV1,
  witnessHistoryQueryV1,
  witnessHistoryV1,
  witnessV1,
} from '@bastion/contracts';
import { factsToWire, sha256 } from '@bastion/platform';
import { buildSnapshot, digestOfFacts } from '@bastion/policy';
import { AppDatabase } from '../../src/database/app-database.js';
import { readTenantFacts } from '../../src/facts/index.js';
import type { TestService } from './test-service.js';

interface Known {
  readonly point: HistoryPointV1;
  readonly facts: TenantFactsV1;
  readonly factsDigest: string;
  readonly history: readonly WitnessedRevisionV1[];
}

/**
 * A gatekeeper as far as operators ask it: it knows what the owner had told when it last looked, and
 * answers over HTTP, each answer held to its contract. The pages of its history are small.
 */
export class WitnessDouble {
  /** Answers with 503 from now on. */
  failing = false;
  pageSize = 2;
  /** Awaited once, before it tells what it knows of a tenant. */
  beforeFacts: (() => Promise<void>) | undefined;
  /** Of the tenants it has been asked to take anew. */
  readonly resynced: string[] = [];
  /** Why nothing of a tenant is answered. */
  readonly bars = new Map<string, BarV1>();
  private readonly known = new Map<string, Known>();

  private constructor(
    private readonly server: Server,
    private readonly service: TestService,
  ) {}

  static async start(service: TestService): Promise<WitnessDouble> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const double = new WitnessDouble(server, service);
    server.on('request', (request, response) => {
      void double.whenReady(request).then(() => {
        const [status, body] = double.answer(request);
        const headers = { 'content-type': 'application/json' };
        response.writeHead(status, headers).end(JSON.stringify(body));
      });
    });
    return double;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Takes what the owner has of a tenant, with all of its history that is kept. */
  async follow(tenantId: string): Promise<HistoryPointV1> {
    const read = await this.service.app.get(AppDatabase).inTenant(tenantId, readTenantFacts);
    if (!read) throw new Error(`There is no tenant ${tenantId}`);
    const rows = await this.service.database.query<{ body: unknown }>(
      'SELECT body FROM outbox_messages WHERE tenant_id = $1 AND epoch = $2 ORDER BY revision DESC',
      [tenantId, read.epoch],
    );
    const history = rows.flatMap(({ body }) => {
      const { epoch, revision, digest, ...change } = accessChangedV1.parse(body);
      return 'events' in change ? [{ epoch, revision, digest, events: change.events }] : [];
    });
    const { epoch, revision, historyDigest: digest } = read;
    const facts = tenantFactsV1.parse(factsToWire(buildSnapshot(read.facts).facts()));
    const factsDigest = digestOfFacts(facts, sha256);
    this.known.set(tenantId, { point: { epoch, revision, digest }, facts, factsDigest, history });
    return { epoch, revision, digest };
  }

  /** What it knows of a tenant, changed: a projection that was edited, a history that is shorter. */
  change(tenantId: string, change: (known: Known) => Known): void {
    this.known.set(tenantId, change(this.factsOf(tenantId)));
  }

  factsOf(tenantId: string): Known {
    const known = this.known.get(tenantId);
    if (!known) throw new Error(`It knows nothing of ${tenantId}`);
    return known;
  }

  forget(tenantId: string): void {
    this.known.delete(tenantId);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async whenReady({ url = '' }: IncomingMessage): Promise<void> {
    if (!url.endsWith('/witness/facts')) return;
    const before = this.beforeFacts;
    this.beforeFacts = undefined;
    await before?.();
  }

  private answer(request: IncomingMessage): [status: number, body: unknown] {
    if (!request.headers.authorization?.startsWith('Bearer ')) return [401, {}];
    if (this.failing) return [503, {}];
    const { pathname, searchParams } = new URL(request.url ?? '', this.url);
    if (pathname === '/sync/v1/status') {
      const asked = searchParams.get('tenantId');
      const tenants = (asked ? [asked] : [...this.known.keys()]).map((id) => this.tenant(id));
      return [200, replicaStatusV1.parse({ replicaId: 'double', tenants })];
    }
    const [, tenantId = '', what] = /^\/sync\/v1\/tenants\/([^/]+)\/(.+)$/.exec(pathname) ?? [];
    const known = this.known.get(tenantId);
    if (what === 'digest') return [200, digestResponseV1.parse(this.digest(tenantId))];
    if (!known) return [404, {}];
    const { point, facts, factsDigest, history } = known;
    const bar = this.bars.get(tenantId) ?? null;
    const witness = { tenantId, point, source: 'PROJECTION', bar };
    switch (what) {
      case 'witness':
        return [200, witnessV1.parse(witness)];
      case 'witness/facts':
        return [200, witnessFactsV1.parse({ ...witness, facts, factsDigest })];
      case 'witness/history': {
        const asked = witnessHistoryQueryV1.parse(Object.fromEntries(searchParams));
        const revisions = history
          .filter(({ epoch, revision }) => epoch === asked.epoch && revision < asked.before)
          .slice(0, Math.min(asked.limit, this.pageSize));
        return [200, witnessHistoryV1.parse({ revisions })];
      }
      case 'resync':
        this.resynced.push(tenantId);
        return [200, resyncResponseV1.parse(this.tenant(tenantId))];
      default:
        return [404, {}];
    }
  }

  private tenant(tenantId: string): ReplicaTenantV1 {
    const known = this.known.get(tenantId);
    const bar = this.bars.get(tenantId) ?? null;
    const held = known && { ...known.point, factsDigest: known.factsDigest };
    return {
      tenantId,
      held: held ? { ...held, standing: 'FRESH' } : null,
      bar,
      projection: known ? { point: known.point, bar } : null,
    };
  }

  private digest(tenantId: string): unknown {
    const known = this.known.get(tenantId);
    if (!known) return { tenantId, projection: null, held: null };
    const { point, factsDigest, facts } = known;
    const counted = digestOfFacts(facts, sha256);
    const differs = factsDigest !== counted;
    return {
      tenantId,
      projection: { ...point, expected: factsDigest, counted, differs },
      held: { ...point, factsDigest },
    };
  }
}
