import { randomUUID } from 'node:crypto';
import { ConsistencyTokens, Secret } from '@bastion/platform';
import { TestDatabase, TestIssuer } from '@bastion/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { filter, firstValueFrom } from 'rxjs';
import { gatekeeperConfig } from '../../src/config/gatekeeper.config.js';
import { createGatekeeper } from '../../src/create-gatekeeper.js';
import { Broker } from '../../src/projection/index.js';
import { OwnerDouble } from './owner-double.js';
import { OwnerServer } from './owner-server.js';

const TOKEN_KEY = 'consistency-token-key-of-the-tests';

export interface GraphqlAnswer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string };
  }[];
}

export interface Replica {
  readonly app: NestFastifyApplication;
  readonly url: string;
}

/**
 * The whole service on a real database, with real tokens, and an owner that answers over HTTP from a
 * log in memory. Without `AMQP_URL` it lives by asking the owner.
 */
export class GatekeeperWorld {
  readonly tokens = new ConsistencyTokens([new Secret(TOKEN_KEY)]);
  readonly #replicas: Replica[] = [];

  private constructor(
    readonly owner: OwnerDouble,
    readonly database: TestDatabase<'gatekeeper'>,
    readonly issuer: TestIssuer,
    private readonly ownerServer: OwnerServer,
  ) {}

  static async start(): Promise<GatekeeperWorld> {
    const owner = new OwnerDouble();
    const [database, issuer, server] = await Promise.all([
      TestDatabase.create('gatekeeper'),
      TestIssuer.start(),
      OwnerServer.start(owner),
    ]);
    return new GatekeeperWorld(owner, database, issuer, server);
  }

  /**
   * One more process of the service, as far as one process can be several. Where it has a broker it
   * consumes already.
   */
  async replica(environment: Record<string, string> = {}): Promise<Replica> {
    const config = gatekeeperConfig({
      ...this.issuer.environment,
      LOG_LEVEL: 'silent',
      GATEKEEPER_PORT: '0',
      SHUTDOWN_DRAIN_MS: '0',
      GATEKEEPER_PUBLIC_URL: 'https://gatekeeper.example/',
      DATABASE_URL: this.database.urlAs('gatekeeper_app'),
      DATABASE_URL_PROJECTOR: this.database.urlAs('gatekeeper_projector'),
      SYNC_OWNER_URL: this.ownerServer.url,
      SYNC_CLIENT_ID: 'gatekeeper',
      SYNC_CLIENT_SECRET: 'secret',
      SYNC_TOKEN_ENDPOINT: this.ownerServer.tokenEndpoint,
      CONSISTENCY_TOKEN_KEYS: TOKEN_KEY,
      AMQP_NAMESPACE: `test-${randomUUID()}`,
      HEADS_INTERVAL_MS: '50',
      PROJECTION_CHECK_INTERVAL_MS: '100',
      // Machines that run tests are slow at times, and no test is about that but those that say so.
      MAX_EVENT_LOOP_DELAY_MS: '60000',
      ...environment,
    });
    const app = await createGatekeeper(config);
    await app.listen(0, '127.0.0.1');
    const subscribed = app
      .get(Broker)
      .servers.map(({ status }) => firstValueFrom(status.pipe(filter((s) => s === 'SUBSCRIBED'))));
    await Promise.all(subscribed);
    const replica = { app, url: await app.getUrl() };
    this.#replicas.push(replica);
    return replica;
  }

  /** The token of somebody of a tenant, as our tenants' builder names subjects. */
  token(tenantId: string, principalId: string): Promise<string> {
    return this.issuer.token({ tenantId, subject: `subject-${principalId}` });
  }

  /** A consistency token of the owner's present revision. */
  tokenOfHead(tenantId: string): string {
    const head = this.owner.headAt(tenantId);
    if (!head) throw new Error(`No tenant ${tenantId}`);
    return this.tokens.issue(head);
  }

  async graphql<Data>(
    replica: Replica,
    token: string,
    query: string,
    variables: object = {},
  ): Promise<GraphqlAnswer<Data>> {
    const response = await fetch(`${replica.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphqlAnswer<Data>;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#replicas.map(({ app }) => app.close()));
    await this.ownerServer.stop();
    await this.issuer.stop();
    await this.database.drop();
  }
}
