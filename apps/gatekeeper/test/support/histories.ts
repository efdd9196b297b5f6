import { GENESIS_DIGEST } from '@bastion/contracts';
import { sha256 } from '@bastion/platform';
import type { Changes, ChangeSet, Head, HistoryPoint } from '../../src/owner/index.js';

/** Where a revision is: in the first epoch, and in the one history there is, unless said otherwise. */
interface Where {
  readonly epoch?: number;
  /** Two names are two histories that differ from their first revision on. */
  readonly history?: string;
}

/** A point of a history, by its number; revision 0 is before the first. */
export function pointAt(revision: number, { epoch = 1, history = 'only' }: Where = {}) {
  const digest = revision === 0 ? GENESIS_DIGEST : sha256(`${history} ${epoch}:${revision}`);
  return { epoch, revision, digest } satisfies HistoryPoint;
}

/** The owner's head there: it says nothing of its facts, nor of how the epoch began. */
export function headAt(revision: number, where: Where & Partial<Head> = {}): Head {
  const { tenantId = 'a', factsDigest = null, began = null } = where;
  return { tenantId, ...pointAt(revision, where), factsDigest, began };
}

/** What the revision changed; nothing but itself, unless said otherwise. */
export function changesAt(
  revision: number,
  where: Where & Partial<Pick<Changes, 'tenantId' | 'events' | 'factsDigest'>> = {},
): Changes {
  const { tenantId = 'a', events = [], factsDigest = null } = where;
  const { digest: previousDigest } = pointAt(revision - 1, where);
  const named = {
    tenantId,
    ...pointAt(revision, where),
    previousDigest,
    factsDigest,
    committedAt: 0,
  };
  return { kind: 'CHANGES', ...named, events };
}

/** A revision that is too large for a message. */
export function tooLargeAt(revision: number, where: Where = {}): ChangeSet {
  const { tenantId, epoch, digest, previousDigest, committedAt } = changesAt(revision, where);
  const named = {
    tenantId,
    epoch,
    revision,
    digest,
    previousDigest,
    committedAt,
    factsDigest: null,
  };
  return { kind: 'SNAPSHOT_REQUIRED', ...named };
}
