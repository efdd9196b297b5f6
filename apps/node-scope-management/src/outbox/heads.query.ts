import { Injectable } from '@nestjs/common';
import { headsRequestV1, type HeadsResponseV1 } from '@bastion/contracts';
import { Clock, parseInput, tenantIdSchema } from '@bastion/platform';
import { NoteAppliedCommand } from '../consumer/index.js';
import { HeadsDatabase } from '../database/heads-database.js';
import { readHeads } from './heads.store.js';

const headsRequest = headsRequestV1.refine(
  ({ tenantIds = [], applied }) =>
    [...tenantIds, ...(applied?.positions ?? []).map(({ tenantId }) => tenantId)].every(
      (id) => tenantIdSchema.safeParse(id).success,
    ),
  { path: ['tenantIds'], error: 'Expected ids of tenants' },
);

/** Answers how far tenants have come: the round trip that a replica's lease is earned by. */
@Injectable()
export class HeadsQuery {
  constructor(
    private readonly database: HeadsDatabase,
    private readonly noteApplied: NoteAppliedCommand,
    private readonly clock: Clock,
  ) {}

  async run(raw: unknown): Promise<HeadsResponseV1> {
    const { tenantIds, applied } = parseInput(headsRequest, raw ?? {});
    if (applied) await this.noteApplied.asked(applied, tenantIds ?? []);
    return { heads: await readHeads(this.database, tenantIds), now: this.clock.now() };
  }
}
