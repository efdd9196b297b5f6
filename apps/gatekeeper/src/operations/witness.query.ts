import {
  tenantFactsV1,
  type WitnessFactsV1,
  type WitnessHistoryV1,
  type WitnessV1,
} from '@bastion/contracts';
import { factsToWire } from '@bastion/platform';
import { comparePositions } from '../owner/index.js';
import type { HeldTenant, SnapshotHolder, SnapshotStore } from '../projection/index.js';
import { barOf, pointOf } from './replica-status.query.js';
import { unknownTenant } from './resync-tenant.command.js';
import type { ProjectionCursor, WitnessStore } from './witness.store.js';

export interface WitnessParts {
  readonly witness: WitnessStore;
  readonly facts: Pick<SnapshotStore, 'load'>;
  readonly holder: Pick<SnapshotHolder, 'held' | 'barOf'>;
}

/**
 * What is known here of a tenant's history: the witness of an owner that was restored to an earlier
 * point. The projection bears it, unless this process has seen more: a change can reach memory
 * that never reached the projection.
 */
export class WitnessQuery {
  constructor(private readonly parts: WitnessParts) {}

  /** How far it is known. Rejects with NOT_FOUND when nothing is. */
  async point(tenantId: string): Promise<WitnessV1> {
    const cursor = await this.parts.witness.cursor(tenantId);
    const further = this.#heldFurther(tenantId, cursor);
    if (further) return inMemory(tenantId, further, cursor);
    if (!cursor) throw unknownTenant();
    return { tenantId, point: cursor.point, source: 'PROJECTION', bar: barOf(cursor.bar) };
  }

  /** All facts at the furthest point. Rejects with NOT_FOUND when nothing is known. */
  async facts(tenantId: string): Promise<WitnessFactsV1> {
    const { witness, facts } = this.parts;
    const cursor = await witness.cursor(tenantId);
    const further = this.#heldFurther(tenantId, cursor);
    if (further) {
      const held = tenantFactsV1.parse(factsToWire(further.snapshot.facts()));
      const { factsDigest } = further;
      return { ...inMemory(tenantId, further, cursor), facts: held, factsDigest };
    }
    const stored = await facts.load(tenantId);
    if (!stored) throw unknownTenant();
    return {
      tenantId,
      point: stored.point,
      source: 'PROJECTION',
      bar: barOf(cursor?.bar),
      facts: tenantFactsV1.parse(factsToWire(stored.facts)),
      factsDigest: stored.factsDigest,
    };
  }

  async history(
    tenantId: string,
    page: { readonly epoch: number; readonly before: number; readonly limit: number },
  ): Promise<WitnessHistoryV1> {
    return { revisions: await this.parts.witness.history(tenantId, page) };
  }

  /** INVARIANT: what is held and known to be wrong bears no witness. */
  #heldFurther(tenantId: string, cursor: ProjectionCursor | undefined): HeldTenant | undefined {
    const { holder } = this.parts;
    const held = holder.held(tenantId);
    if (!held || holder.barOf(tenantId)?.state === 'QUARANTINED') return undefined;
    return !cursor || comparePositions(held, cursor.point) > 0 ? held : undefined;
  }
}

function inMemory(
  tenantId: string,
  held: HeldTenant,
  cursor: ProjectionCursor | undefined,
): WitnessV1 {
  return { tenantId, point: pointOf(held), source: 'REPLICA', bar: barOf(cursor?.bar) };
}
