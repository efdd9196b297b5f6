import { headAt, pointAt } from '../../test/support/histories.js';
import { isFresh, isServable, NEVER, standingOf } from './lease.js';

const LEASE = { leaseMs: 5_000 };

describe('a lease', () => {
  it('lasts its length from the asking, and ends at that very moment', () => {
    expect(isFresh(1_000, 1_000, LEASE)).toBe(true);
    expect(isFresh(1_000, 5_999.9, LEASE)).toBe(true);
    expect(isFresh(1_000, 6_000, LEASE)).toBe(false);
  });

  it('has not begun before the owner was asked', () => {
    expect(isFresh(NEVER, 0, LEASE)).toBe(false);
  });
});

describe('serving stale', () => {
  const serve = { staleMode: 'SERVE', maxStaleMs: 60_000 } as const;

  it('lasts as long as the tenant chose, from the asking', () => {
    expect(isServable(1_000, 60_999.9, serve)).toBe(true);
    expect(isServable(1_000, 61_000, serve)).toBe(false);
    expect(isServable(NEVER, 0, serve)).toBe(false);
  });

  it('is not for a tenant that chose to be denied, whatever bound it once set', () => {
    expect(isServable(1_000, 1_001, { staleMode: 'DENY', maxStaleMs: 60_000 })).toBe(false);
  });
});

const at = pointAt;
const lost = { history: 'lost' };

describe('how what is held stands to the owner’s head', () => {
  it.each<[string, ReturnType<typeof at> | null, ReturnType<typeof at>, string]>([
    ['as far', at(5), at(5), 'CAUGHT_UP'],
    ['behind', at(4), at(4), 'BEHIND'],
    ['come as far meanwhile', at(4), at(5), 'CAUGHT_UP'],
    ['still behind, though it came further', at(3), at(4), 'BEHIND'],
    ['ahead, of what it was as far as', at(5), at(7), 'CAUGHT_UP'],
    ['loaded meanwhile, as far', null, at(5), 'CAUGHT_UP'],
    ['loaded meanwhile, behind', null, at(4), 'BEHIND'],
    // By a message of the history that a restored owner has lost, or from a store that has it still.
    ['as far in another history', at(4), at(5, lost), 'REWRITTEN'],
    ['loaded meanwhile, as far in another history', null, at(5, lost), 'REWRITTEN'],
    // Whether in the same history, its number does not tell.
    ['ahead, on a way nobody watched', at(4), at(7), 'BEHIND'],
    ['loaded meanwhile, ahead', null, at(7), 'BEHIND'],
    // What was held then cannot be ahead of the answer.
    ['ahead when the owner was asked', at(6), at(6), 'WENT_BACK'],
    ['as far when the owner was asked, in another history', at(5, lost), at(6, lost), 'REWRITTEN'],
    ['of an epoch to come', at(1, { epoch: 2 }), at(1, { epoch: 2 }), 'WENT_BACK'],
  ])('%s', (_, heldThen, heldNow, standing) => {
    expect(standingOf(heldThen, heldNow, headAt(5), false)).toBe(standing);
  });

  it('ahead, of a point that it passed on its way', () => {
    expect(standingOf(at(4), at(7), headAt(5), true)).toBe('CAUGHT_UP');
    expect(standingOf(null, at(7), headAt(5), true)).toBe('CAUGHT_UP');
  });

  it('behind in a new epoch, however far it is, if that has witnessed it', () => {
    const next = headAt(3, { epoch: 2, began: { witnessed: { epoch: 1, revision: 9 } } });
    expect(standingOf(at(9), at(9), next, false)).toBe('BEHIND');
    expect(standingOf(at(10), at(10), next, false)).toBe('UNWITNESSED');
  });
});
