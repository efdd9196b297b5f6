import { Injectable } from '@nestjs/common';
import type { HealthCheck } from '@bastion/platform';
import { AppDatabase } from './app-database.js';

/** Nothing can be read or written without the database. */
@Injectable()
export class DatabaseHealth implements HealthCheck {
  readonly name = 'database';

  constructor(private readonly database: AppDatabase) {}

  async check(): Promise<string | null> {
    try {
      await this.database.ping();
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : 'the database cannot be reached';
    }
  }
}
