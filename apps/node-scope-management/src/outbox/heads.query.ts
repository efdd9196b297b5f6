import { Injectable } from '@nestjs/common';
import { headsRequestV1, type HeadsResponseV1 } from '@bastion/contracts';
import { parseInput } from '@bastion/platform';
import { HeadsDatabase } from '../database/heads-database.js';
import { readHeads } from './heads.store.js';

/** Answers how far tenants have come: the round trip that a replica's lease is earned by. */
@Injectable()
export class HeadsQuery {
  constructor(private readonly database: HeadsDatabase) {}

  async run(raw: unknown): Promise<HeadsResponseV1> {
    const { tenantIds } = parseInput(headsRequestV1, raw ?? {});
    return { heads: await readHeads(this.database, tenantIds) };
  }
}
