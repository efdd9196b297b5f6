import { freshUntil, isFresh, standingOf } from './lease.js';

describe('a lease', () => {
  it('lasts its length from the asking, and ends at that very moment', () => {
    const until = freshUntil(1_000, 5_000);
    expect(isFresh(until, 1_000)).toBe(true);
    expect(isFresh(until, 5_999.9)).toBe(true);
    expect(isFresh(until, 6_000)).toBe(false);
  });
});

describe('standingOf', () => {
  it.each([
    [{ epoch: 1, revision: 5 }, 'CAUGHT_UP'],
    [{ epoch: 1, revision: 6 }, 'CAUGHT_UP'],
    [{ epoch: 1, revision: 4 }, 'BEHIND'],
    [{ epoch: 2, revision: 5 }, 'AHEAD'],
    [{ epoch: 2, revision: 1 }, 'AHEAD'],
  ])('says of %j at head 1:5 that it is %s', (held, standing) => {
    expect(standingOf(held, { epoch: 1, revision: 5 })).toBe(standing);
  });

  it('finds a later revision of an earlier epoch behind', () => {
    expect(standingOf({ epoch: 1, revision: 9 }, { epoch: 2, revision: 3 })).toBe('BEHIND');
  });
});
