import { comparePositions, hasReached, type HistoryPoint, type Position } from './position.js';

/** How far a tenant is at the owner. */
export interface Head extends HistoryPoint {
  readonly tenantId: string;
  /** Of all facts at this revision; null: the owner does not say. */
  readonly factsDigest: string | null;
  /** How the epoch began; null: it is the first. See contracts, `epochBeginningV1`. */
  readonly began: { readonly witnessed: Position | null } | null;
}

/**
 * Why what the owner has is not a continuation of what is known here. WENT_BACK: it is at an earlier
 * point. REWRITTEN: it has another history up to the same point. UNWITNESSED: a new epoch began
 * without what is known here having been looked at.
 */
export type Fork = 'WENT_BACK' | 'REWRITTEN' | 'UNWITNESSED';

/** The fork between a point known here (null: none yet) and the owner's head; null: there is none. */
export function forkBetween(point: HistoryPoint | null, head: Head): Fork | null {
  if (point === null) return null;
  if (head.epoch > point.epoch) return isWitnessed(point, head) ? null : 'UNWITNESSED';
  const order = comparePositions(head, point);
  if (order < 0) return 'WENT_BACK';
  return order === 0 && head.digest !== point.digest ? 'REWRITTEN' : null;
}

/**
 * A restored owner has lost what came after its backup, revocations too. Its new epoch may be followed
 * by those whose knowledge was reconciled with it, or because an operator said so.
 */
function isWitnessed(point: HistoryPoint, { began }: Head): boolean {
  if (began === null) return false;
  const { witnessed } = began;
  if (witnessed === null) return true;
  return witnessed.epoch === point.epoch && hasReached(witnessed, point);
}

/** The owner's history is not the one known here: nothing of it is taken before an operator has looked. */
export class ForkedHistoryError extends Error {
  override readonly name = 'ForkedHistoryError';

  constructor(
    readonly fork: Fork,
    readonly point: HistoryPoint | null,
    readonly head: Head,
  ) {
    super(`the owner's history is another one than the one known here: ${fork}`);
  }
}
