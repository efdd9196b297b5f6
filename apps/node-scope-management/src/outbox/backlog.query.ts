import { Injectable } from '@nestjs/common';
import { RelayDatabase } from '../database/relay-database.js';
import { readBacklog, type TenantBacklog } from './unsent.store.js';

/** Answers what waits to be published, in every tenant that has something waiting. */
@Injectable()
export class BacklogQuery {
  constructor(private readonly database: RelayDatabase) {}

  async run(): Promise<TenantBacklog[]> {
    const session = await this.database.open();
    try {
      return await readBacklog(session);
    } finally {
      session.end();
    }
  }
}
