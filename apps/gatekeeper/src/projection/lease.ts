import {
  comparePositions,
  type Fork,
  forkBetween,
  type Head,
  type HistoryPoint,
} from '../owner/index.js';

/**
 * How what is held stands to the owner's head. CAUGHT_UP: nothing was missing when the owner was
 * asked. BEHIND: something is, or may be. A {@link Fork}: held is a history that the owner does not
 * have.
 */
export type Standing = 'CAUGHT_UP' | 'BEHIND' | Fork;

/**
 * Compares what is held with a head that was asked for, not received. `heldThen` is what was held
 * when the question left: the owner cannot have been behind it. What is held now may have come
 * further since, as an event can overtake the answer; `passed`: it came to the head's very point on
 * its way.
 *
 * INVARIANT: never caught up by number alone. A message that lay in a buffer since before the owner
 * was restored leads as far as the owner is, in the history that the owner has lost.
 */
export function standingOf(
  heldThen: HistoryPoint | null,
  heldNow: HistoryPoint,
  head: Head,
  passed: boolean,
): Standing {
  const fork = forkBetween(heldThen, head);
  if (fork) return fork;
  const order = comparePositions(heldNow, head);
  if (order < 0) return 'BEHIND';
  if (order === 0) return heldNow.digest === head.digest ? 'CAUGHT_UP' : 'REWRITTEN';
  const wasThere = heldThen !== null && comparePositions(heldThen, head) === 0;
  return wasThere || passed ? 'CAUGHT_UP' : 'BEHIND';
}

/** How long answers may rest on what the owner last confirmed. */
export interface Bounds {
  /** For everyone, ms. */
  readonly leaseMs: number;
}

/** Never confirmed: as far as anyone knows, it may be outdated. */
export const NEVER = -Infinity;

/**
 * Whether what had caught up with a head the owner was asked for at `confirmedAt` may be answered
 * from at `now`. Both are milliseconds of a monotonic clock.
 *
 * INVARIANT: counted from before the question left, never from when an answer or a message came: those
 * may have lain in a buffer for any time, and nothing committed before `confirmedAt` can be missing.
 */
export function isFresh(confirmedAt: number, now: number, { leaseMs }: Bounds): boolean {
  return now < confirmedAt + leaseMs;
}

/** Whether a tenant that chose so may be served beyond the lease, each answer marked as stale. */
export function isServable(
  confirmedAt: number,
  now: number,
  { staleMode, maxStaleMs }: { readonly staleMode: 'DENY' | 'SERVE'; readonly maxStaleMs: number },
): boolean {
  return staleMode === 'SERVE' && now < confirmedAt + maxStaleMs;
}
