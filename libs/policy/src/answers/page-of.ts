/** A part of a sorted list. */
export interface Page {
  readonly ids: readonly string[];
  /** What to ask for the next page `after`; null: this is the last one. */
  readonly next: string | null;
}

/**
 * The ids that come after the given one (null: from the start), at most `limit` of them. The list
 * is sorted by code unit; `after` need not be in it. Throws a RangeError unless `limit` is a
 * positive integer.
 */
export function pageOf(
  sorted: readonly string[],
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Page {
  if (!Number.isSafeInteger(limit) || limit < 1) throw new RangeError('a page holds at least one');
  const start = after === null ? 0 : countUpTo(sorted, after);
  const ids = sorted.slice(start, start + limit);
  return { ids, next: start + limit < sorted.length ? ids.at(-1)! : null };
}

/** How many come no later than the id. */
function countUpTo(sorted: readonly string[], id: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= id) low = middle + 1;
    else high = middle;
  }
  return low;
}
