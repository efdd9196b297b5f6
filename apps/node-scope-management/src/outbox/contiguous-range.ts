import type { AccessChangedV1, ChangesResponseV1, HeadV1 } from '@bastion/contracts';

/**
 * The answer to "what came after `after`?", from what is still kept of it in order. It ends before
 * a gap and before `maxBytes`, but holds at least one change set; the asker asks again from there.
 *
 * GONE where the asker stands is no longer, or not yet, a place in this history.
 */
export function contiguousRange(
  head: HeadV1,
  { epoch, after }: { readonly epoch: number; readonly after: number },
  kept: readonly AccessChangedV1[],
  maxBytes: number,
): ChangesResponseV1 {
  if (epoch !== head.epoch || after > head.revision) return { kind: 'GONE', head };
  const changes: AccessChangedV1[] = [];
  let bytes = 0;
  for (const change of kept) {
    if (change.revision !== after + changes.length + 1 || change.revision > head.revision) break;
    bytes += Buffer.byteLength(JSON.stringify(change));
    if (bytes > maxBytes && changes.length > 0) break;
    changes.push(change);
  }
  if (changes.length === 0 && after < head.revision) return { kind: 'GONE', head };
  return { kind: 'RANGE', head, changes };
}
