import { Module, type DynamicModule } from '@nestjs/common';
import type { DatabaseConfig } from '../config/database.config.js';
import { Database } from './database.js';
import { Databases } from './databases.js';

const APP_CONNECTIONS = 5;
/** For the writes and repairs that run at a time, and some to spare. */
const PROJECTOR_CONNECTIONS = 10;

@Module({})
export class DatabaseModule {
  static forRoot({ url, projectorUrl }: DatabaseConfig): DynamicModule {
    const connect = (): Databases =>
      new Databases(
        new Database(url, APP_CONNECTIONS),
        new Database(projectorUrl, PROJECTOR_CONNECTIONS),
      );
    return {
      module: DatabaseModule,
      providers: [{ provide: Databases, useFactory: connect }],
      exports: [Databases],
    };
  }
}
