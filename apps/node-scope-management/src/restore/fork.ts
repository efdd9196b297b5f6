import type { BarV1, HeadV1, HistoryPointV1 } from '@bastion/contracts';

/**
 * Why what a witness knows is not a part of the owner's history. WENT_BACK: the owner is at an earlier
 * point. REWRITTEN: it has another history up to the same point. UNWITNESSED: its present epoch began
 * without what the witness knows having been looked at.
 */
export type Fork = 'WENT_BACK' | 'REWRITTEN' | 'UNWITNESSED';

/**
 * The fork between the owner's head and a witness; null: there is none, or an epoch that began since
 * has settled it.
 *
 * @param here what the owner has as the digest of the witness's revision; null: not known any more
 * @param bar what the witness itself says of it, which counts where nothing else tells
 */
export function forkBetween(
  head: HeadV1,
  point: HistoryPointV1,
  here: string | null,
  bar: BarV1 | null,
): Fork | null {
  if (head.epoch > point.epoch) return isSettled(head, point) ? null : 'UNWITNESSED';
  if (head.epoch < point.epoch || head.revision < point.revision) return 'WENT_BACK';
  if (here !== null) return here === point.digest ? null : 'REWRITTEN';
  return bar?.state === 'FENCED' ? 'REWRITTEN' : null;
}

function isSettled({ began }: HeadV1, { epoch, revision }: HistoryPointV1): boolean {
  if (!began) return false;
  const { witnessed } = began;
  return witnessed === null || (witnessed.epoch === epoch && witnessed.revision >= revision);
}
