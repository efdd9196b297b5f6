import { PrismaPg } from '@prisma/adapter-pg';
import { type Secret, withTenant } from '@bastion/platform';
import { PrismaClient, type Prisma } from '../generated/prisma/client.js';

/** A transaction inside one tenant: row-level security shows and takes that tenant's rows only. */
export type TenantTransaction = Prisma.TransactionClient;

/** The database as the API's role sees it: nothing outside a tenant. */
export class AppDatabase {
  private readonly client: PrismaClient;

  constructor(url: Secret, poolSize: number) {
    this.client = new PrismaClient({
      adapter: new PrismaPg({ connectionString: url.reveal(), max: poolSize }),
    });
  }

  inTenant<T>(tenantId: string, run: (tx: TenantTransaction) => Promise<T>): Promise<T> {
    return withTenant(this.client, tenantId, run);
  }

  /** Wakes a relay that leads in another process; delivered at most once, polling is the backstop. */
  async notifyOutbox(): Promise<void> {
    await this.client.$executeRaw`SELECT pg_notify('outbox', '')`;
  }

  /** Resolves when the server answers; throws otherwise. */
  async ping(): Promise<void> {
    await this.client.$queryRaw`SELECT 1`;
  }

  async close(): Promise<void> {
    await this.client.$disconnect();
  }
}
