import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TestDatabase, TestIssuer } from '@bastion/testing';
import { createNodeScopeManagement } from '../../src/create-node-scope-management.js';
import { CreateTenantCommand, PLATFORM_TENANT } from '../../src/tenant/index.js';
import { TenantEraser } from '../../src/tenant/tenant.eraser.js';
import { GraphqlClient } from './graphql-client.js';

/** A tenant with its first administrator, as tests make them. */
export interface TestTenant {
  readonly id: string;
  readonly rootScopeId: string;
  readonly adminId: string;
  readonly admin: GraphqlClient;
}

/** The real service over HTTP, with a database and an identity provider of its own. */
export class TestService {
  /** The first tenant of all, whose administrator is an operator. */
  platform!: TestTenant;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TestDatabase<'scope-management'>,
    readonly issuer: TestIssuer,
    readonly url: string,
  ) {}

  /** No broker: what is not published is pulled, and nothing here depends on either. */
  static async start(environment: Record<string, string> = {}): Promise<TestService> {
    const [database, issuer] = await Promise.all([
      TestDatabase.create('scope-management'),
      TestIssuer.start(),
    ]);
    Object.assign(process.env, {
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.urlAs('scope_management_app'),
      DATABASE_URL_RELAY: database.urlAs('scope_management_relay'),
      DATABASE_URL_HEADS: database.urlAs('scope_management_heads'),
      CONSISTENCY_TOKEN_KEYS: 'a-key-for-tests-that-has-32-bytes!',
      ...issuer.environment,
      ...environment,
    });
    const app = await createNodeScopeManagement();
    await app.listen(0, '127.0.0.1');
    // What it erases by itself would change rows under the eyes of a test that looks at others.
    await app.get(TenantEraser).onApplicationShutdown();
    const service = new TestService(app, database, issuer, await app.getUrl());
    try {
      service.platform = await service.createTenant(PLATFORM_TENANT);
      return service;
    } catch (error) {
      await service.stop();
      throw error;
    }
  }

  /** Whoever the identity provider calls this in this tenant, known to it or not. */
  as(tenantId: string, subject: string): GraphqlClient {
    return new GraphqlClient(this.url, () => this.issuer.token({ tenantId, subject }));
  }

  /** Creates a tenant as the admin command does; its administrator's subject is `admin@ID`. */
  async createTenant(id: string): Promise<TestTenant> {
    const subject = `admin@${id}`;
    await this.app
      .get(CreateTenantCommand)
      .run(
        { operator: 'test' },
        { id, name: `Tenant ${id}`, admin: { userName: 'admin', displayName: 'Admin', subject } },
      );
    const admin = this.as(id, subject);
    const { tenant, me } = await admin.answer<{
      tenant: { rootScopeId: string };
      me: { user: { id: string } };
    }>('{ tenant { rootScopeId } me { user { id } } }');
    return { id, rootScopeId: tenant.rootScopeId, adminId: me.user.id, admin };
  }

  async stop(): Promise<void> {
    await this.app.close();
    await Promise.all([this.database.drop(), this.issuer.stop()]);
  }
}
