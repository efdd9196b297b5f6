/**
 * How far a tenant's history is known: everything up to and including this revision of this epoch.
 * A new epoch begins a new history, so any position in it is later than all of the one before.
 */
export interface Position {
  readonly epoch: number;
  readonly revision: number;
}

/** Where every tenant's history begins; one that is first seen further on needs a snapshot. */
const FIRST: Position = { epoch: 1, revision: 1 };

/** Negative, zero or positive as `a` is earlier than, equal to or later than `b`. */
export function comparePositions(a: Position, b: Position): number {
  return a.epoch - b.epoch || a.revision - b.revision;
}

/** Whether someone at `position` (null: nowhere yet) knows everything up to `goal`. */
export function hasReached(position: Position | null, goal: Position): boolean {
  return position !== null && comparePositions(position, goal) >= 0;
}

/** Whether `next` is the one revision that may be applied at `position` (null: nowhere yet). */
export function isNext(position: Position | null, next: Position): boolean {
  const expected = position ? { epoch: position.epoch, revision: position.revision + 1 } : FIRST;
  return comparePositions(next, expected) === 0;
}

/** The later of two positions, of which one may be missing. */
export function laterOf(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return comparePositions(a, b) >= 0 ? a : b;
}
