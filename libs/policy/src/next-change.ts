import type { TimeInterval } from './decision.js';
import type { Snapshot } from './snapshot.js';

/**
 * For how long what is decided about these principals stays as it is at `time`, if no fact changes: ms,
 * during which every decision about them has the same effect, reason and assignments. `Infinity`: for
 * ever. It may be shorter than it has to be, for a permission that the next assignment to begin or end
 * has nothing to do with, but is always more than 0.
 *
 * An ALLOW counts only over the whole interval and a DENY anywhere in it, so with each bound of a
 * validity something changes when the one end of the interval comes to it and when the other does.
 */
export function msUntilNextChange(
  snapshot: Snapshot,
  principalIds: Iterable<string>,
  { earliest, latest }: TimeInterval,
): number {
  let next = Infinity;
  const note = (bound: number | null): void => {
    if (bound === null) return;
    for (const end of [earliest, latest]) if (bound > end) next = Math.min(next, bound - end);
  };
  for (const holder of holdersOf(snapshot, principalIds)) {
    for (const { validFrom, validUntil } of snapshot.assignmentsOf(holder)) {
      note(validFrom);
      note(validUntil);
    }
  }
  return next;
}

/** The principals and all groups that contain any of them. */
function holdersOf(snapshot: Snapshot, principalIds: Iterable<string>): ReadonlySet<string> {
  const holders = new Set<string>();
  for (const id of principalIds) {
    holders.add(id);
    for (const groupId of snapshot.groupsContaining(id)) holders.add(groupId);
  }
  return holders;
}
