import { PrismaPg } from '@prisma/adapter-pg';
import { withTenant, type Secret, type TenantTransactionOptions } from '@bastion/platform';
import { PrismaClient, type Prisma } from '../generated/prisma/client.js';

/** A transaction inside one tenant: row-level security shows and takes that tenant's rows only. */
export type TenantTransaction = Prisma.TransactionClient;

/** The database as one of its roles sees it: nothing outside a tenant. */
export class Database {
  readonly #client: PrismaClient;

  constructor(url: Secret, poolSize: number) {
    this.#client = new PrismaClient({
      adapter: new PrismaPg({ connectionString: url.reveal(), max: poolSize }),
    });
  }

  inTenant<T>(
    tenantId: string,
    run: (tx: TenantTransaction) => Promise<T>,
    options?: TenantTransactionOptions,
  ): Promise<T> {
    return withTenant(this.#client, tenantId, run, options);
  }

  /** Resolves when the server answers; throws otherwise. */
  async ping(): Promise<void> {
    await this.#client.$queryRaw`SELECT 1`;
  }

  async close(): Promise<void> {
    await this.#client.$disconnect();
  }
}
