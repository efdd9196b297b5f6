import { backoffMs } from './backoff.js';

describe('backoffMs', () => {
  it('doubles up to ten seconds', () => {
    const longest = [1, 2, 3, 7, 8, 100].map((failures) => backoffMs(failures, () => 1));
    expect(longest).toEqual([100, 200, 400, 6_400, 10_000, 10_000]);
  });

  it('draws the upper half, so that those who failed together part', () => {
    expect(backoffMs(3, () => 0)).toBe(200);
  });
});
