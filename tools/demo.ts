import { LocalStackError, stopOnSignals } from '@bastion/local-stack';
import { Command } from 'commander';
import { brokerOutage } from './demo/broker-outage.js';
import { WrongAnswer } from './demo/story.js';
import { tellAccessModel } from './demo/tell-access-model.js';
import { tellMainJob } from './demo/tell-main-job.js';
import { prepareMatrix, tellMatrix } from './demo/tell-matrix.js';
import { wholeNumber } from './options.js';
import { reportSteps } from './stack/report-steps.js';
import { startTemporaryPlatform } from './stack/temporary-platform.js';

const options = new Command('npm run demo --')
  .description(
    'Grants a role in one service and watches the other enforce it, on a stack of its own that is ' +
      'gone afterwards. Exits with 1 at the first wrong answer.',
  )
  .option(
    '--matrix <file>',
    'import a user-permission matrix (.txt or .txt.gz) and check every pair',
  )
  .option('--revocations <n>', 'how many random revocations follow', wholeNumber(0), 100)
  .option('--seed <n>', 'of the random revocations', wholeNumber(0), Date.now() % 1_000_000)
  .option(
    '--broker-outage <seconds>',
    'in the middle of the import, stop RabbitMQ for so long and start it empty, without its queues',
    wholeNumber(0),
  )
  .parse()
  .opts<{ matrix?: string; revocations: number; seed: number; brokerOutage?: number }>();

const startedAt = performance.now();
process.exitCode = await run();

async function run(): Promise<number> {
  try {
    const prepared = options.matrix === undefined ? undefined : prepareMatrix(options.matrix);
    console.log('Starting a stack of its own …');
    const platform = await startTemporaryPlatform(reportSteps(console.log));
    stopOnSignals(() => platform.stop(), console.error);
    try {
      const admin = await platform.createTenant('demo');
      console.log('  ✔ tenant demo with its first administrator');
      if (prepared) {
        const { rabbitMq } = platform.stack;
        const outage = brokerOutage(rabbitMq!, options.brokerOutage, console.log);
        await tellMatrix(admin, prepared, { ...options, outage }, console.log);
      } else {
        await tellMainJob(admin, console.log);
        await tellAccessModel(platform, admin, console.log);
      }
    } finally {
      await platform.stop();
    }
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`\nEverything was as it must be. ${seconds} s in all.`);
    return 0;
  } catch (error) {
    console.error(`\n${explain(error)}`);
    return 1;
  }
}

function explain(error: unknown): string {
  if (error instanceof WrongAnswer) return `WRONG ANSWER\n${error.message}`;
  if (error instanceof LocalStackError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
