import { comparePositions, type Position } from '../owner/index.js';

/**
 * How what is held stands to the owner's head. CAUGHT_UP: nothing was missing when the owner was
 * asked. BEHIND: something is. AHEAD: held is a history that the owner does not have (any more).
 */
export type Standing = 'CAUGHT_UP' | 'BEHIND' | 'AHEAD';

/**
 * Compares with a head that was asked for, not received: an event may have overtaken the answer, so
 * a later revision of the same epoch has caught up too. A later epoch has not: its history is not
 * the one the owner speaks of.
 */
export function standingOf(held: Position, head: Position): Standing {
  if (held.epoch > head.epoch) return 'AHEAD';
  return comparePositions(held, head) >= 0 ? 'CAUGHT_UP' : 'BEHIND';
}

/**
 * Until when a snapshot may be answered from, given that it has caught up with a head the owner was
 * asked for at `askedAt`. Both are milliseconds of a monotonic clock.
 *
 * INVARIANT: counted from before the question left, never from when an answer or a message came: those
 * may have lain in a buffer for any time, and nothing committed before `askedAt` can be missing.
 */
export function freshUntil(askedAt: number, leaseMs: number): number {
  return askedAt + leaseMs;
}

/** Whether a snapshot with this lease may be answered from at `now`. */
export function isFresh(until: number, now: number): boolean {
  return now < until;
}
