import type { AccessChangedV1 } from '@bastion/contracts';
import { contiguousRange } from './contiguous-range.js';

const head = { tenantId: 'acme', epoch: 2, revision: 5 };

function kept(...revisions: number[]): AccessChangedV1[] {
  return revisions.map((revision) => ({
    kind: 'SNAPSHOT_REQUIRED',
    tenantId: 'acme',
    epoch: 2,
    revision,
    committedAt: 0,
  }));
}

function revisionsAfter(after: number, rows: AccessChangedV1[], maxBytes = 10_000) {
  const answer = contiguousRange(head, { epoch: 2, after }, rows, maxBytes);
  return answer.kind === 'RANGE' ? answer.changes.map((change) => change.revision) : answer.kind;
}

describe('contiguousRange', () => {
  it('is all that is kept after a revision', () => {
    expect(revisionsAfter(2, kept(3, 4, 5))).toEqual([3, 4, 5]);
  });

  it('is empty for whoever is at the head', () => {
    expect(revisionsAfter(5, [])).toEqual([]);
  });

  it('ends before a gap', () => {
    expect(revisionsAfter(0, kept(1, 2, 4, 5))).toEqual([1, 2]);
  });

  it('ends at the head', () => {
    expect(revisionsAfter(3, kept(4, 5, 6))).toEqual([4, 5]);
  });

  it('ends before it is too large, but holds one at least', () => {
    const bytesOfOne = JSON.stringify(kept(1)[0]).length;
    expect(revisionsAfter(0, kept(1, 2, 3), 2 * bytesOfOne)).toEqual([1, 2]);
    expect(revisionsAfter(0, kept(1, 2, 3), 1)).toEqual([1]);
  });

  it.each([
    ['the next revision is kept no longer', 2, 1, kept(3, 4, 5)],
    ['nothing is kept', 2, 1, []],
    ['the asker is ahead of the head', 2, 6, []],
    ['the asker is in an earlier epoch', 1, 2, kept(3, 4, 5)],
    ['the asker is in an earlier epoch, at the same revision', 1, 5, []],
    ['the asker is in a later epoch', 3, 2, kept(3, 4, 5)],
  ])('is GONE when %s', (_, epoch, after, rows) => {
    expect(contiguousRange(head, { epoch, after }, rows, 10_000)).toEqual({ kind: 'GONE', head });
  });
});
