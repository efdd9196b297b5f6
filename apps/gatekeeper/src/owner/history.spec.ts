import { headAt, pointAt } from '../../test/support/histories.js';
import { forkBetween, ForkedHistoryError, type Fork } from './history.js';

const here = pointAt(5);
const inEpoch2 = (witnessed: { epoch: number; revision: number } | null) =>
  headAt(3, { epoch: 2, began: { witnessed } });

describe('the fork between what is known here at revision 5 of epoch 1 and the owner’s head', () => {
  it.each<[string, ReturnType<typeof headAt>, Fork | null]>([
    // In the same epoch.
    ['the same point', headAt(5), null],
    ['a later revision', headAt(6), null],
    ['a later revision, whose digest says nothing here', headAt(6, { history: 'other' }), null],
    ['the same revision of another history', headAt(5, { history: 'other' }), 'REWRITTEN'],
    ['an earlier revision', headAt(4), 'WENT_BACK'],
    ['an earlier revision of another history', headAt(4, { history: 'other' }), 'WENT_BACK'],
    ['an owner that knows nothing', headAt(0), 'WENT_BACK'],
    // In a new epoch.
    ['an epoch that witnessed exactly this', inEpoch2({ epoch: 1, revision: 5 }), null],
    ['an epoch that witnessed more', inEpoch2({ epoch: 1, revision: 9 }), null],
    ['an epoch that witnessed less', inEpoch2({ epoch: 1, revision: 4 }), 'UNWITNESSED'],
    ['an epoch that waived its witness', inEpoch2(null), null],
    ['an epoch that does not say how it began', headAt(9, { epoch: 2 }), 'UNWITNESSED'],
    [
      'the epoch after next, which witnessed the next one only',
      headAt(9, { epoch: 3, began: { witnessed: { epoch: 2, revision: 9 } } }),
      'UNWITNESSED',
    ],
    [
      'the epoch after next, which waived its witness',
      headAt(9, { epoch: 3, began: { witnessed: null } }),
      null,
    ],
  ])('%s', (_, head, fork) => {
    expect(forkBetween(here, head)).toBe(fork);
  });

  it('an epoch that is over is earlier, however far it went', () => {
    expect(forkBetween(pointAt(2, { epoch: 2 }), headAt(9))).toBe('WENT_BACK');
  });

  it('how the present epoch began says nothing once one is in it', () => {
    const began = { witnessed: { epoch: 1, revision: 1 } };
    expect(forkBetween(pointAt(3, { epoch: 2 }), headAt(4, { epoch: 2, began }))).toBeNull();
    const rewritten = headAt(3, { epoch: 2, began, history: 'other' });
    expect(forkBetween(pointAt(3, { epoch: 2 }), rewritten)).toBe('REWRITTEN');
  });

  it('there is none with nothing', () => {
    expect(forkBetween(null, headAt(0))).toBeNull();
    expect(forkBetween(null, headAt(9, { epoch: 2 }))).toBeNull();
  });
});

describe('ForkedHistoryError', () => {
  it('says which fork it is, and between what', () => {
    const error = new ForkedHistoryError('WENT_BACK', here, headAt(4));
    expect(error).toMatchObject({ fork: 'WENT_BACK', point: here, head: headAt(4) });
    expect(error.message).toMatch(/WENT_BACK/);
  });
});
