import type { AccessEvent } from '@bastion/policy';
import { comparePositions, hasReached, type HistoryPoint, isNext } from './position.js';

/** What one committed revision of a tenant changed. */
export type ChangeSet = HistoryPoint & {
  readonly tenantId: string;
  /** Of the revision before. */
  readonly previousDigest: string;
  /** Of all facts once it is applied; null: the owner does not say. */
  readonly factsDigest: string | null;
  /** When the owner committed it, epoch ms. */
  readonly committedAt: number;
} & (
    | { readonly kind: 'CHANGES'; readonly events: readonly AccessEvent[] }
    /** Too large for a message: whoever needs it takes a snapshot. */
    | { readonly kind: 'SNAPSHOT_REQUIRED' }
  );

/** A change set that says what changed. */
export type Changes = Extract<ChangeSet, { kind: 'CHANGES' }>;

/** Whether `change` can be applied by someone at `point` (null: nowhere yet). */
export function appliesAt(point: HistoryPoint | null, change: ChangeSet): change is Changes {
  return change.kind === 'CHANGES' && isNext(point, change);
}

/** What of the arrived change sets can be applied now, in order. */
export interface Arrivals<T extends { readonly change: ChangeSet }> {
  /** Known already: duplicates, and what came late. */
  readonly outdated: readonly T[];
  /** Exactly the next revisions, without a gap. */
  readonly range: readonly (T & { readonly change: Changes })[];
  /** The rest: beyond a gap or the limit, of another history, without content, or twice in the range. */
  readonly beyond: readonly T[];
}

/** Sorts arrivals, in whatever order they came, against what is known at `point`. */
export function sortArrivals<T extends { readonly change: ChangeSet }>(
  point: HistoryPoint | null,
  arrivals: readonly T[],
  limit: number,
): Arrivals<T> {
  const outdated: T[] = [];
  const range: (T & { readonly change: Changes })[] = [];
  const beyond: T[] = [];
  let reached = point;
  for (const arrival of arrivals.toSorted((a, b) => comparePositions(a.change, b.change))) {
    if (hasReached(point, arrival.change)) {
      outdated.push(arrival);
    } else if (range.length < limit && carriesChangesAt(reached, arrival)) {
      range.push(arrival);
      reached = arrival.change;
    } else {
      beyond.push(arrival);
    }
  }
  return { outdated, range, beyond };
}

function carriesChangesAt<T extends { readonly change: ChangeSet }>(
  point: HistoryPoint | null,
  arrival: T,
): arrival is T & { readonly change: Changes } {
  return appliesAt(point, arrival.change);
}
