import type { WitnessedRevisionV1 } from '@bastion/contracts';
import { HistoryWalk, type OwnerDigests } from './history-walk.js';

const digest = (revision: number, history = 'a') => `${history}${revision}`.padStart(64, '0');

/** Revisions of the witness, from the latest down. */
const page = (from: number, to: number): WitnessedRevisionV1[] =>
  Array.from({ length: from - to + 1 }, (_, index) => ({
    epoch: 1,
    revision: from - index,
    digest: digest(from - index),
    events: [],
  }));

/** An owner that has the witness's history up to a revision, and another one after it. */
const owner = (common: number, last: number, from = 0): OwnerDigests => {
  const revisions = Array.from({ length: last - from + 1 }, (_, index) => from + index);
  const byRevision = new Map(
    revisions.map((each) => [each, each <= common ? digest(each) : digest(each, 'b')]),
  );
  return { byRevision, from };
};

const walk = () => new HistoryWalk({ epoch: 1, revision: 9, digest: digest(9) });

describe('the walk down a witness’s history', () => {
  it('ends at the last revision that both have, with all that came after it', () => {
    expect(walk().take(page(9, 1), owner(6, 8))).toEqual({
      at: { epoch: 1, revision: 6, digest: digest(6) },
      lost: page(9, 7),
    });
  });

  it('goes on where a page ended', () => {
    const walked = walk();
    expect(walked.take(page(9, 8), owner(6, 8))).toBe('MORE');
    expect(walked.from).toEqual({ epoch: 1, revision: 7 });
    expect(walked.take(page(7, 5), owner(6, 8))).toMatchObject({ at: { revision: 6 } });
  });

  it('finds nothing lost where the witness has no more than the owner', () => {
    expect(walk().take(page(9, 9), owner(9, 9))).toEqual({ at: expect.anything(), lost: [] });
  });

  it.each([
    ['a revision is missing in the middle', [...page(9, 8), ...page(6, 5)]],
    ['the latest is missing', page(8, 5)],
    ['there is no more', []],
  ])('is not told where they parted when %s', (_, revisions) => {
    expect(walk().take(revisions, owner(6, 8))).toBe('UNKNOWN');
  });

  it('is not told when the latest is of another history than the point', () => {
    const [latest, ...rest] = page(9, 5);
    const rewritten = [{ ...latest!, digest: digest(9, 'c') }, ...rest];
    expect(walk().take(rewritten, owner(6, 8))).toBe('UNKNOWN');
  });

  it('is not walked on where the owner knows no digest any more', () => {
    expect(walk().take(page(9, 5), owner(3, 8, 7))).toBe('UNKNOWN');
  });
});
