import { LocalStackError } from '@bastion/local-stack';
import { Command } from 'commander';
import fc from 'fast-check';
import { lives, newTally } from './model/trial.js';
import { Worlds } from './model/world.js';
import { minutes, wholeNumber } from './options.js';
import { reportSteps } from './stack/report-steps.js';
import { startTemporaryPlatform } from './stack/temporary-platform.js';

/** Each shorter way is tried on a tenant of its own: the shortest that is found in this time will do. */
const SHRINKING = { interruptAfterTimeLimit: 120_000 };

const options = new Command('npm run test:model --')
  .description(
    'Lets people of a tenant do anything through the GraphQL API, several at once, on both services ' +
      'as they run, and compares every answer, every list and every decision with a naive model of ' +
      'the access model. Exits with 1 at the first disagreement, with as short a way to it as two minutes find.',
  )
  .option('--minutes <n>', 'for how long', minutes, 5)
  .option('--seed <n>', 'of the first life', wholeNumber(0), Date.now() % 1_000_000_000)
  .option('--steps <n>', 'how many steps a life has at most', wholeNumber(0), 60)
  .parse()
  .opts<{ minutes: number; seed: number; steps: number }>();

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof LocalStackError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function run(): Promise<number> {
  console.log(`Seed ${options.seed}.`);
  const platform = await startTemporaryPlatform(reportSteps(console.log));
  try {
    const worlds = await Worlds.start(platform);
    const tally = newTally();
    const endsAt = performance.now() + options.minutes * 60_000;
    for (let seed = options.seed; performance.now() < endsAt; seed += 1) {
      const property = lives(() => worlds.open(), tally, { steps: options.steps });
      const details = await fc.check(property, { seed, numRuns: 5, ...SHRINKING });
      if (details.failed) {
        console.error(fc.defaultReportMessage(details), '\n', details.errorInstance);
        return 1;
      }
      console.log(`  ${tally.worlds} lives, ${tally.done} changes, ${tally.questions} questions`);
    }
    const refused = [...tally.refusals].sort().map(([code, count]) => `${code} ${count}`);
    console.log(`Refused: ${refused.join(', ')}.\nEverything was as the model says.`);
    return 0;
  } finally {
    await platform.stop();
  }
}
