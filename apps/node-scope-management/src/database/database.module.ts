import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { databaseConfig } from '../config/database.config.js';
import { AppDatabase } from './app-database.js';
import { DatabaseHealth } from './database.health.js';
import { HeadsDatabase } from './heads-database.js';

/** Heads are asked for by a few services, once a second each. */
const HEADS_POOL_SIZE = 2;

/** The databases as the roles of a serving process see them; they connect when first used. */
@Module({
  providers: [
    {
      provide: AppDatabase,
      useFactory: () => {
        const { url, poolSize } = databaseConfig();
        return new AppDatabase(url, poolSize);
      },
    },
    {
      provide: HeadsDatabase,
      useFactory: () => new HeadsDatabase(databaseConfig().headsUrl, HEADS_POOL_SIZE),
    },
    DatabaseHealth,
  ],
  exports: [AppDatabase, DatabaseHealth, HeadsDatabase],
})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(
    private readonly app: AppDatabase,
    private readonly heads: HeadsDatabase,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.app.close(), this.heads.close()]);
  }
}
