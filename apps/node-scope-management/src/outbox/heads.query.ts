import { Injectable } from '@nestjs/common';
import { headsRequestV1, type HeadsResponseV1 } from '@bastion/contracts';
import { parseInput, tenantIdSchema } from '@bastion/platform';
import { HeadsDatabase } from '../database/heads-database.js';
import { readHeads } from './heads.store.js';

const headsRequest = headsRequestV1.refine(
  ({ tenantIds = [] }) => tenantIds.every((id) => tenantIdSchema.safeParse(id).success),
  { path: ['tenantIds'], error: 'Expected ids of tenants' },
);

/** Answers how far tenants have come: the round trip that a replica's lease is earned by. */
@Injectable()
export class HeadsQuery {
  constructor(private readonly database: HeadsDatabase) {}

  async run(raw: unknown): Promise<HeadsResponseV1> {
    const { tenantIds } = parseInput(headsRequest, raw ?? {});
    return { heads: await readHeads(this.database, tenantIds) };
  }
}
