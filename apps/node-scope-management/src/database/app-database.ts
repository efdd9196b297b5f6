import { PrismaPg } from '@prisma/adapter-pg';
import { type Secret, type TenantTransactionOptions, withTenant } from '@bastion/platform';
import { PrismaClient, type Prisma } from '../generated/prisma/client.js';
import { TenantTurns } from './tenant-turns.js';

/** A transaction inside one tenant: row-level security shows and takes that tenant's rows only. */
export type TenantTransaction = Prisma.TransactionClient;

/** The database as the API's role sees it: nothing outside a tenant. */
export class AppDatabase {
  private readonly client: PrismaClient;
  private readonly turns = new TenantTurns();

  constructor(url: Secret, poolSize: number) {
    this.client = new PrismaClient({
      adapter: new PrismaPg({ connectionString: url.reveal(), max: poolSize }),
    });
  }

  inTenant<T>(
    tenantId: string,
    run: (tx: TenantTransaction) => Promise<T>,
    options?: TenantTransactionOptions,
  ): Promise<T> {
    return withTenant(this.client, tenantId, run, options);
  }

  /**
   * The same for whoever will lock the tenant: in this process one at a time, in the order of asking.
   * Rejects with ApiError UNAVAILABLE when its turn does not come in time.
   */
  inTurn<T>(
    tenantId: string,
    run: (tx: TenantTransaction) => Promise<T>,
    options?: TenantTransactionOptions,
  ): Promise<T> {
    return this.turns.run(tenantId, () => this.inTenant(tenantId, run, options));
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
