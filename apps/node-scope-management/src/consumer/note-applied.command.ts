import { Injectable } from '@nestjs/common';
import type { AccessAppliedV1 } from '@bastion/contracts';
import { HeadsDatabase } from '../database/heads-database.js';
import { AppliedPositions } from './applied-positions.js';
import {
  type Asker,
  forgetOldReplicas,
  noteLeases,
  notePositions,
} from './consumer-position.store.js';

const FORGET_EVERY_MS = 10 * 60 * 1_000;
const FORGOTTEN_AFTER_MS = 60 * 60 * 1_000;

/** Remembers what consumers say they have applied, and until when they may answer from it. */
@Injectable()
export class NoteAppliedCommand {
  private forgottenAt = -Infinity;

  constructor(
    private readonly database: HeadsDatabase,
    private readonly applied: AppliedPositions,
  ) {}

  /** What came by message: known to this process only, and soon; asking tells the database. */
  heard(applied: AccessAppliedV1): void {
    this.applied.note(applied);
  }

  /** What came with a question about these tenants, to be remembered before it is answered. */
  async asked(applied: AccessAppliedV1, tenantIds: readonly string[]): Promise<void> {
    await notePositions(this.database, applied);
    const { consumer, leaseMs } = applied;
    if (consumer.kind === 'REPLICA') {
      await this.leased({ consumerId: consumer.id, leaseMs }, tenantIds);
    }
    this.applied.note(applied);
  }

  /** Somebody is about to be told how far tenants are, and may answer from that for a while. */
  async leased(asker: Asker, tenantIds: readonly string[]): Promise<void> {
    await noteLeases(this.database, asker, tenantIds);
    if (performance.now() - this.forgottenAt < FORGET_EVERY_MS) return;
    this.forgottenAt = performance.now();
    this.applied.forgetUnheard(this.forgottenAt - FORGOTTEN_AFTER_MS);
    await forgetOldReplicas(this.database);
  }
}
