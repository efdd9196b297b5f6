import fc from 'fast-check';
import { changesAt, pointAt, tooLargeAt } from '../../test/support/histories.js';
import { sortArrivals, type ChangeSet } from './change-set.js';
import { comparePositions, hasReached, isNext, laterOf } from './position.js';

const place = fc.record({
  epoch: fc.integer({ min: 1, max: 3 }),
  revision: fc.integer({ min: 1, max: 8 }),
  history: fc.constantFrom('one', 'other'),
});
const point = place.map(({ revision, ...where }) => pointAt(revision, where));
const change = place.map(({ revision, ...where }) => changesAt(revision, where));

const arrived = (...revisions: number[]) =>
  revisions.map((revision) => ({ change: changesAt(revision) }));
const revisions = (items: readonly { readonly change: ChangeSet }[]) =>
  items.map(({ change }) => change.revision);

describe('positions', () => {
  it('are ordered by epoch, then by revision', () => {
    expect(comparePositions({ epoch: 2, revision: 1 }, { epoch: 1, revision: 9 })).toBeGreaterThan(
      0,
    );
    expect(comparePositions({ epoch: 1, revision: 1 }, { epoch: 1, revision: 2 })).toBeLessThan(0);
    expect(comparePositions({ epoch: 1, revision: 2 }, { epoch: 1, revision: 2 })).toBe(0);
  });

  it('are followed by exactly one revision, of the same epoch and the same history', () => {
    fc.assert(
      fc.property(place, place, (at, next) => {
        const { epoch, revision, history } = at;
        const isFollowing =
          next.epoch === epoch && next.revision === revision + 1 && next.history === history;
        expect(isNext(pointAt(revision, at), changesAt(next.revision, next))).toBe(isFollowing);
      }),
    );
  });

  it('begin with the first revision of the first epoch and nothing else', () => {
    fc.assert(
      fc.property(change, (next) => {
        expect(isNext(null, next)).toBe(next.epoch === 1 && next.revision === 1);
      }),
    );
    const continued = { ...changesAt(1), previousDigest: pointAt(7).digest };
    expect(isNext(null, continued)).toBe(false);
  });

  it('have reached nothing when there are none', () => {
    expect(hasReached(null, { epoch: 1, revision: 1 })).toBe(false);
  });

  it('give the later of two, or the one there is', () => {
    const [early, late] = [
      { epoch: 1, revision: 9 },
      { epoch: 2, revision: 1 },
    ];
    expect(laterOf(early, late)).toBe(late);
    expect(laterOf(late, early)).toBe(late);
    expect(laterOf(undefined, early)).toBe(early);
    expect(laterOf(undefined, undefined)).toBeUndefined();
  });
});

describe('sortArrivals', () => {
  it('puts what came out of order in order', () => {
    const { range, beyond } = sortArrivals(pointAt(2), arrived(5, 3, 4), 10);
    expect(revisions(range)).toEqual([3, 4, 5]);
    expect(beyond).toEqual([]);
  });

  it('ends the range before a gap', () => {
    const { range, beyond } = sortArrivals(pointAt(2), arrived(3, 5), 10);
    expect(revisions(range)).toEqual([3]);
    expect(revisions(beyond)).toEqual([5]);
  });

  it('ends the range at the limit', () => {
    const { range, beyond } = sortArrivals(pointAt(0), arrived(1, 2, 3), 2);
    expect(revisions(range)).toEqual([1, 2]);
    expect(revisions(beyond)).toEqual([3]);
  });

  it('ends the range where another history begins, whatever its numbers', () => {
    const arrivals = [changesAt(3), changesAt(4, { history: 'restored' }), changesAt(4)];
    const { range, beyond } = sortArrivals(
      pointAt(2),
      arrivals.map((change) => ({ change })),
      10,
    );
    expect(range.map(({ change }) => change)).toEqual([changesAt(3), changesAt(4)]);
    expect(beyond.map(({ change }) => change)).toEqual([changesAt(4, { history: 'restored' })]);
  });

  it('does not take a duplicate within the range for known already', () => {
    const { outdated, range, beyond } = sortArrivals(pointAt(2), arrived(3, 3, 4), 10);
    expect(revisions(range)).toEqual([3, 4]);
    expect(revisions(beyond)).toEqual([3]);
    expect(outdated).toEqual([]);
  });

  it('never applies what names no changes', () => {
    const arrivals = [{ change: tooLargeAt(3) }];
    expect(sortArrivals(pointAt(2), arrivals, 10)).toMatchObject({ range: [], beyond: arrivals });
  });

  it('loses nothing, and gives a gapless range of one history from the point on', () => {
    fc.assert(
      fc.property(fc.option(point), fc.array(change), (at, changes) => {
        const arrivals = changes.map((change) => ({ change }));
        const { outdated, range, beyond } = sortArrivals(at, arrivals, 5);
        expect(new Set([...outdated, ...range, ...beyond])).toEqual(new Set(arrivals));
        expect(outdated.every(({ change }) => hasReached(at, change))).toBe(true);
        expect(beyond.some(({ change }) => hasReached(at, change))).toBe(false);
        let reached = at;
        for (const { change } of range) {
          expect(isNext(reached, change)).toBe(true);
          reached = change;
        }
      }),
    );
  });
});
