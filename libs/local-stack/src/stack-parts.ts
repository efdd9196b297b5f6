import { IdentityProvider } from './identity/identity-provider.js';
import { Postgres } from './postgres/postgres.js';
import { RabbitMq } from './rabbitmq/rabbitmq.js';
import { NoRabbitMqError } from './rabbitmq/rabbitmq-packages.js';
import type { StackConfig } from './stack.config.js';
import {
  type DatabaseServers,
  type MigrationFolders,
  prepareDatabases,
  type StackDatabases,
} from './stack-databases.js';
import type { StackGround } from './stack-ground.js';

export type StackPart = 'PostgreSQL' | 'databases' | 'RabbitMQ' | 'identity provider';

/** What happens while a stack starts and runs, for whoever shows it. */
export type StackStep =
  | { readonly state: 'STARTING' | 'READY'; readonly part: StackPart; readonly detail?: string }
  /** The stack does without a part; the detail says what that means and how to have one. */
  | { readonly state: 'ABSENT'; readonly part: StackPart; readonly detail: string }
  /** A part or service that was serving ended without having been stopped. */
  | { readonly state: 'LOST'; readonly detail: string };

interface Stoppable {
  stop(): Promise<void>;
}

/** The parts of one stack that have been started, so that all of them can be stopped. */
export class StackParts {
  private readonly running: Stoppable[] = [];

  constructor(
    private readonly ground: StackGround,
    private readonly config: StackConfig,
    private readonly report: (step: StackStep) => void,
  ) {}

  /** Databases of the embedded server or servers, except those the configuration names elsewhere. */
  async databases(
    migrations: MigrationFolders,
    separate: boolean,
  ): Promise<{
    databases: StackDatabases;
    databaseServers: DatabaseServers;
    postgres?: Postgres;
  }> {
    const { databaseUrls } = this.config;
    const databaseServers = await this.databaseServers(separate);
    this.report({ state: 'STARTING', part: 'databases' });
    const { state } = this.ground;
    const databases = await prepareDatabases(databaseServers, databaseUrls, migrations, state);
    this.report({ state: 'READY', part: 'databases' });
    const postgres = databaseServers.scopeManagement ?? databaseServers.gatekeeper;
    return { databases, databaseServers, postgres };
  }

  /** No URL: there is no broker, because none is wanted or none is to be had. */
  async broker(cache: string): Promise<{ amqpUrl?: string; rabbitMq?: RabbitMq }> {
    const { amqpUrl, ports } = this.config;
    if (amqpUrl === null) {
      this.doWithoutBroker('AMQP_URL is none; without AMQP_URL a RabbitMQ is started.');
      return {};
    }
    if (amqpUrl !== undefined) return { amqpUrl };
    const report = (detail: string) => this.report({ state: 'STARTING', part: 'RabbitMQ', detail });
    try {
      const rabbitMq = await this.begin('RabbitMQ', () =>
        RabbitMq.start({ ...this.ground, cache, port: ports.amqp, report }),
      );
      return { amqpUrl: rabbitMq.url, rabbitMq };
    } catch (error) {
      if (!(error instanceof NoRabbitMqError)) throw error;
      this.doWithoutBroker(error.message);
      return {};
    }
  }

  async issuer(): Promise<{ issuer: string; identityProvider?: IdentityProvider }> {
    const { issuer, ports } = this.config;
    if (issuer !== undefined) return { issuer };
    const keyFile = this.ground.state.secretFile('signing-keys.json');
    const identityProvider = await this.begin('identity provider', () =>
      IdentityProvider.start({ keyFile, port: ports.identityProvider }),
    );
    return { issuer: identityProvider.issuer, identityProvider };
  }

  /** Stops whatever has started. */
  async stop(): Promise<void> {
    await Promise.all(this.running.splice(0).map((part) => part.stop()));
  }

  private async databaseServers(separate: boolean): Promise<DatabaseServers> {
    const { databaseUrls, ports } = this.config;
    const hasScopeManagement = !databaseUrls.scopeManagement;
    const hasGatekeeper = !databaseUrls.gatekeeper;
    if (!hasScopeManagement && !hasGatekeeper) return {};
    const first = await this.begin('PostgreSQL', () =>
      Postgres.start({ ...this.ground, port: ports.postgres }),
    );
    const isApart = separate && hasScopeManagement && hasGatekeeper;
    const second = isApart
      ? await this.begin('PostgreSQL', () => Postgres.start({ ...this.ground, name: 'gatekeeper' }))
      : first;
    return {
      ...(hasScopeManagement && { scopeManagement: first }),
      ...(hasGatekeeper && { gatekeeper: second }),
    };
  }

  private doWithoutBroker(why: string): void {
    const detail = `changes travel by polling, within about a second. ${why}`;
    this.report({ state: 'ABSENT', part: 'RabbitMQ', detail });
  }

  private async begin<Part extends Stoppable>(
    part: StackPart,
    start: () => Promise<Part>,
  ): Promise<Part> {
    this.report({ state: 'STARTING', part });
    const started = await start();
    this.running.push(started);
    this.report({ state: 'READY', part });
    return started;
  }
}
