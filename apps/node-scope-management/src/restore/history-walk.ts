import type { HistoryPointV1, WitnessedRevisionV1 } from '@bastion/contracts';

/** Where two histories part, and what one of them went on with. */
export interface Parting {
  /** The last revision that both have. */
  readonly at: HistoryPointV1;
  /** What the witness applied after it, the latest first. */
  readonly lost: readonly WitnessedRevisionV1[];
}

/** The owner's digests, as far as it has them. */
export interface OwnerDigests {
  readonly byRevision: ReadonlyMap<number, string>;
  /** Of everything before this revision it has none any more. */
  readonly from: number;
}

/**
 * Walks the history of a witness from its latest revision down to the first one that the owner has
 * too, page by page.
 *
 * INVARIANT: no revision is skipped. What ended in one that is not known must not be taken for
 * something that the owner made after the restore.
 */
export class HistoryWalk {
  private readonly lost: WitnessedRevisionV1[] = [];
  private next: Pick<HistoryPointV1, 'epoch' | 'revision'>;

  constructor(private readonly point: HistoryPointV1) {
    this.next = point;
  }

  /** The latest revision that has not been walked over. */
  get from(): Pick<HistoryPointV1, 'epoch' | 'revision'> {
    return this.next;
  }

  /**
   * Walks over a page. MORE: the next one is needed. UNKNOWN: it cannot be told where they part, as
   * a revision is missing or neither goes back far enough.
   */
  take(page: readonly WitnessedRevisionV1[], owner: OwnerDigests): Parting | 'MORE' | 'UNKNOWN' {
    if (page.length === 0) return 'UNKNOWN';
    for (const revision of page) {
      const isLatest = this.lost.length === 0;
      if (revision.revision !== this.next.revision) return 'UNKNOWN';
      if (isLatest && revision.digest !== this.point.digest) return 'UNKNOWN';
      if (owner.byRevision.get(revision.revision) === revision.digest) {
        const { epoch, digest } = revision;
        return { at: { epoch, revision: revision.revision, digest }, lost: this.lost };
      }
      if (revision.revision < owner.from) return 'UNKNOWN';
      this.lost.push(revision);
      this.next = { epoch: this.point.epoch, revision: revision.revision - 1 };
    }
    return 'MORE';
  }
}
