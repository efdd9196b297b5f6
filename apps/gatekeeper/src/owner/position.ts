import { GENESIS_DIGEST } from '@bastion/contracts';

/**
 * How far a tenant's history is known: everything up to and including this revision of this epoch.
 * A new epoch begins a new history, so any position in it is later than all of the one before.
 */
export interface Position {
  readonly epoch: number;
  readonly revision: number;
}

/** A position, and the name of the history that leads up to it. */
export interface HistoryPoint extends Position {
  readonly digest: string;
}

/** Where every tenant's history begins; one that is first seen further on needs a snapshot. */
const FIRST: Position = { epoch: 1, revision: 1 };

/** Negative, zero or positive as `a` is earlier than, equal to or later than `b`. */
export function comparePositions(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.revision - b.revision;
}

/** Whether two histories are at the same point, and so the same up to there. */
export function isSamePoint(a: HistoryPoint | null, b: HistoryPoint | null): boolean {
  return a !== null && b !== null && comparePositions(a, b) === 0 && a.digest === b.digest;
}

/** Whether someone at `position` (null: nowhere yet) knows everything up to `goal`. */
export function hasReached(position: Position | null, goal: Position): boolean {
  return position !== null && comparePositions(position, goal) >= 0;
}

/**
 * Whether `next` is the one revision that may be applied at `point` (null: nowhere yet).
 *
 * INVARIANT: it names the history it continues. A revision with the next number of another history
 * (an owner that was restored) would leave in force what that history had taken away.
 */
export function isNext(
  point: HistoryPoint | null,
  next: Position & { readonly previousDigest: string },
): boolean {
  const expected = point ? { epoch: point.epoch, revision: point.revision + 1 } : FIRST;
  const isContinued = next.previousDigest === (point?.digest ?? GENESIS_DIGEST);
  return isContinued && comparePositions(next, expected) === 0;
}

/** The later of two positions, of which one may be missing. */
export function laterOf(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return comparePositions(a, b) >= 0 ? a : b;
}
