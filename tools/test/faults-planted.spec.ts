import { hunt, MOST_RUNS, PLANTED_BUGS } from '../faults/index.js';

const SEED = 7_000;

describe('a bug planted on purpose', () => {
  it.each(PLANTED_BUGS.map((planted) => [planted.bug, planted] as const))(
    '%s, is caught by what it does, where the real code does nothing of the kind',
    async (_, planted) => {
      const { caught, runs, falseAlarms } = await hunt(planted, SEED);
      expect({ caught, falseAlarms }).toEqual({ caught: true, falseAlarms: 0 });
      expect(runs).toBeLessThan(MOST_RUNS);
    },
    300_000,
  );
});
