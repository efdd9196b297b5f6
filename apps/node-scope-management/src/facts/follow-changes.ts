import { type AccessChangedV1, accessChangedV1 } from '@bastion/contracts';
import { sha256 } from '@bastion/platform';
import { applyEvents, areComparable, digestAfter, type Snapshot } from '@bastion/policy';
import { eventFromWire } from './from-wire.js';
import type { TenantPoint } from './tenant-facts.store.js';

/** A tenant's facts in memory, at the point that they are of. */
export interface PositionedSnapshot extends TenantPoint {
  readonly snapshot: Snapshot;
  /** See contracts, `factsDigestV1`; null: not known. */
  readonly factsDigest: string | null;
}

/**
 * What a snapshot becomes by the messages of the revisions after it. Null where they do not lead from
 * it to the point: one is missing, is too large to hold its events, is of another history or of a
 * version that is not known here, or does not come to the facts that its writer had.
 */
export function followChanges(
  from: PositionedSnapshot,
  to: TenantPoint,
  bodies: readonly unknown[],
): PositionedSnapshot | null {
  if (from.epoch !== to.epoch || bodies.length !== to.revision - from.revision) return null;
  let at: PositionedSnapshot | null = from;
  for (const body of bodies) {
    const { success, data } = accessChangedV1.safeParse(body);
    at = success ? next(at, data) : null;
    if (!at) return null;
  }
  return at.historyDigest === to.historyDigest ? at : null;
}

function next(at: PositionedSnapshot, message: AccessChangedV1): PositionedSnapshot | null {
  const { epoch, revision, digest: historyDigest, previousDigest, factsDigest } = message;
  const isNext = epoch === at.epoch && revision === at.revision + 1;
  if (!isNext || previousDigest !== at.historyDigest || message.kind !== 'CHANGES') return null;
  const events = message.events.map(eventFromWire);
  const snapshot = applyEvents(at.snapshot, events);
  if (at.factsDigest !== null && areComparable(at.factsDigest, factsDigest)) {
    const ours = digestAfter(at.factsDigest, at.snapshot, snapshot, events, sha256);
    if (ours !== factsDigest) return null;
  }
  return { epoch, revision, historyDigest, factsDigest, snapshot };
}
