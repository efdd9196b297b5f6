import { Injectable } from '@nestjs/common';
import { HeadsDatabase } from '../database/heads-database.js';
import { type ConsumerPosition, readPositions } from './consumer-position.store.js';

/** Answers how far every consumer is, in all tenants or in one. */
@Injectable()
export class ConsumerPositionsQuery {
  constructor(private readonly database: HeadsDatabase) {}

  run(tenantId?: string): Promise<ConsumerPosition[]> {
    return readPositions(this.database, tenantId);
  }
}
