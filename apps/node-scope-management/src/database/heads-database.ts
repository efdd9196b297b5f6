import { PrismaPg } from '@prisma/adapter-pg';
import type { Secret } from '@bastion/platform';
import { PrismaClient } from '../generated/prisma/client.js';

/** The database as the heads role sees it: how far each tenant has come, and nothing else. */
export class HeadsDatabase {
  readonly client: PrismaClient;

  constructor(url: Secret, poolSize: number) {
    this.client = new PrismaClient({
      adapter: new PrismaPg({ connectionString: url.reveal(), max: poolSize }),
    });
  }

  async close(): Promise<void> {
    await this.client.$disconnect();
  }
}
