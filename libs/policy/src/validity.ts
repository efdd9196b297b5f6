import type { TimeInterval } from './decision.js';
import type { RoleAssignmentFact } from './facts.js';

type Bounds = Pick<RoleAssignmentFact, 'validFrom' | 'validUntil'>;

/**
 * How an ALLOW stands: VALID only over the whole interval, so it never counts by an error of the
 * clock. What ends within the interval is EXPIRED, whatever its beginning.
 */
export function validityThroughout(
  { validFrom, validUntil }: Bounds,
  { earliest, latest }: TimeInterval,
): 'VALID' | 'EXPIRED' | 'NOT_YET_VALID' {
  // INVARIANT: each bound must be shown to hold; one that is no number holds nowhere.
  if (validUntil !== null && !(latest < validUntil)) return 'EXPIRED';
  if (validFrom !== null && !(validFrom <= earliest)) return 'NOT_YET_VALID';
  return 'VALID';
}

/** Whether a DENY counts: valid at any point of the interval. */
export function isValidSomewhere(
  { validFrom, validUntil }: Bounds,
  { earliest, latest }: TimeInterval,
): boolean {
  const start = validFrom === null ? earliest : Math.max(validFrom, earliest);
  // INVARIANT: a bound must be shown to fail; one that is no number lifts no deny.
  return !(start > latest) && !(validUntil !== null && start >= validUntil);
}
