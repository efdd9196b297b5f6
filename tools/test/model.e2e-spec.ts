import fc from 'fast-check';
import type { Rule } from '../model/outcome.js';
import { lives, newTally } from '../model/trial.js';
import { Worlds } from '../model/world.js';
import { startTemporaryPlatform, type TemporaryPlatform } from '../stack/temporary-platform.js';

let platform: TemporaryPlatform;
let worlds: Worlds;

beforeAll(async () => {
  platform = await startTemporaryPlatform(() => undefined);
  worlds = await Worlds.start(platform);
}, 120_000);

afterAll(() => platform?.stop(), 60_000);

/** Each life is another one every time; what failed prints its seed. */
const live = (numRuns: number, steps: number, leftOut?: Rule) =>
  fc.check(
    lives(() => worlds.open(), newTally(), { steps, leftOut }),
    {
      numRuns,
      ...(leftOut && { endOnFailure: true }),
    },
  );

describe('whatever people of a tenant do through GraphQL, several of them at once', () => {
  it('is done, refused, listed and decided as a naive model of it says', async () => {
    const details = await live(6, 50);
    const { failed, errorInstance } = details;
    expect({ failed, errorInstance, how: failed && fc.defaultReportMessage(details) }).toEqual({
      ...{ failed: false, errorInstance: null, how: false },
    });
  }, 120_000);

  it.each<Rule>(['GROUP_CYCLE', 'CASCADE'])(
    'disagrees with a model that leaves out %s',
    async (leftOut) => {
      const { errorInstance } = await live(40, 50, leftOut);
      expect(errorInstance).toMatchObject({ name: 'Disagreement' });
    },
    120_000,
  );
});
