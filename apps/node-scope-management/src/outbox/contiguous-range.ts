import type { AccessChangedV1, ChangesResponseV1, HeadV1 } from '@bastion/contracts';

/** Where the asker stands: see `changesQueryV1`. */
export interface Asked {
  readonly epoch: number;
  readonly after: number;
  readonly digest?: string | undefined;
}

/**
 * The answer to "what came after `after`?", from what is still kept of it in order. It ends before
 * a gap and before `maxBytes`, but holds at least one change set; the asker asks again from there.
 *
 * GONE where the asker stands is no longer a place in this history, FORKED where it never was one:
 * beyond the head, or at a revision that has another digest here (`here`; null: no longer known).
 */
export function contiguousRange(
  head: HeadV1,
  { epoch, after, digest }: Asked,
  here: string | null,
  kept: readonly AccessChangedV1[],
  maxBytes: number,
): ChangesResponseV1 {
  if (epoch < head.epoch) return { kind: 'GONE', head };
  if (epoch > head.epoch || after > head.revision) return { kind: 'FORKED', head };
  if (digest !== undefined && here !== null && digest !== here) return { kind: 'FORKED', head };
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
