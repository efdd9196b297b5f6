import fc from 'fast-check';
import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it('doubles from 100 ms up to 5 s', () => {
    expect([0, 1, 2, 10, 1_000].map((attempt) => backoffMs(attempt, 1))).toEqual([
      100, 200, 400, 5_000, 5_000,
    ]);
  });

  it('spreads retries over the upper half of the delay', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const longest = backoffMs(attempt, 1);
        const delay = backoffMs(attempt, random);
        expect(delay).toBeGreaterThanOrEqual(longest / 2);
        expect(delay).toBeLessThanOrEqual(longest);
      }),
    );
  });
});
