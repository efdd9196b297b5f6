import { type AccessChangedV1, GENESIS_DIGEST } from '@bastion/contracts';
import { contiguousRange } from './contiguous-range.js';

const HERE = 'a'.repeat(64);
const ELSEWHERE = 'b'.repeat(64);
const head = {
  tenantId: 'acme',
  epoch: 2,
  revision: 5,
  digest: HERE,
  factsDigest: null,
  began: { witnessed: null },
};

function kept(...revisions: number[]): AccessChangedV1[] {
  return revisions.map((revision) => ({
    kind: 'SNAPSHOT_REQUIRED',
    tenantId: 'acme',
    epoch: 2,
    revision,
    committedAt: 0,
    previousDigest: GENESIS_DIGEST,
    digest: GENESIS_DIGEST,
    factsDigest: null,
  }));
}

function revisionsAfter(after: number, rows: AccessChangedV1[], maxBytes = 10_000) {
  const answer = contiguousRange(head, { epoch: 2, after }, null, rows, maxBytes);
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
    ['the asker is in an earlier epoch', 1, 2, kept(3, 4, 5)],
    ['the asker is in an earlier epoch, at the same revision', 1, 5, []],
  ])('is GONE when %s', (_, epoch, after, rows) => {
    expect(contiguousRange(head, { epoch, after }, null, rows, 10_000)).toEqual({
      kind: 'GONE',
      head,
    });
  });

  it.each([
    ['the asker is ahead of the head', { epoch: 2, after: 6 }, null],
    ['the asker is in a later epoch', { epoch: 3, after: 2 }, null],
    ['the revision is another one here', { epoch: 2, after: 3, digest: ELSEWHERE }, HERE],
    ['the head is another one here', { epoch: 2, after: 5, digest: ELSEWHERE }, HERE],
  ])('is FORKED when %s', (_, asked, here) => {
    expect(contiguousRange(head, asked, here, kept(4, 5), 10_000)).toEqual({
      kind: 'FORKED',
      head,
    });
  });

  it.each([
    ['the revision is the same here', HERE],
    ['it is no longer known here what the revision was', null],
  ])('is a range when %s', (_, here) => {
    const asked = { epoch: 2, after: 3, digest: HERE };
    expect(contiguousRange(head, asked, here, kept(4, 5), 10_000)).toMatchObject({ kind: 'RANGE' });
  });
});
