import {
  composeSchedule,
  FAULTS,
  regressions,
  runSchedule,
  type ScheduleResult,
} from '../faults/index.js';

/** What must never be is nowhere to be seen; if it is, this says how to see it again. */
function expectGood(seed: number, only: number | undefined, result: ScheduleResult): void {
  const replay = `npm run test:faults -- --replay ${seed}${only === undefined ? '' : ` --only ${only}`}`;
  const { violations, recoveryMs } = result;
  expect({ replay, violations, hasRecovered: recoveryMs !== null }).toEqual({
    ...{ replay, violations: [], hasRecovered: true },
  });
}

async function run(seed: number, only?: number): Promise<ScheduleResult> {
  const result = await runSchedule(composeSchedule(seed, only));
  expectGood(seed, only, result);
  return result;
}

describe('the sync, simulated with everything that goes wrong', () => {
  it.each(FAULTS.map(({ fault, name }) => [fault, name]))(
    'survives fault %i: %s',
    async (fault) => {
      const { commits, answers, allows, revokeMs } = await run(4_000 + fault, fault);
      // A run in which nothing happens would survive anything.
      expect(Math.min(commits, answers, allows, revokeMs.length)).toBeGreaterThan(0);
    },
    120_000,
  );

  it('survives seeds that nobody has seen, and several faults at once', async () => {
    const seed = Date.now() % 1_000_000_000;
    for (let next = 0; next < 5; next += 1) await run(seed + next);
  }, 120_000);

  it('survives every seed that once found something', async () => {
    for (const { seed, only } of regressions()) await run(seed, only);
  }, 120_000);

  it('comes to the same again with the same seed, and to something else with another', async () => {
    const [once, again, other] = [await run(77), await run(77), await run(78)];
    expect(again.traceDigest).toBe(once.traceDigest);
    expect(other.traceDigest).not.toBe(once.traceDigest);
  }, 120_000);
});
