import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchToken, LocalStackError, stopOnSignals } from '@bastion/local-stack';
import { Command, InvalidArgumentError } from 'commander';
import { Gatekeeper } from './api/gatekeeper.js';
import { GraphqlClient } from './api/graphql-client.js';
import { ScopeManagement } from './api/scope-management.js';
import { WrongAnswer } from './demo/story.js';
import { tellMainJob } from './demo/tell-main-job.js';
import { prepareMatrix, tellMatrix } from './demo/tell-matrix.js';
import { runAdmin } from './stack/admin-command.js';
import { reportSteps } from './stack/report-steps.js';
import { type Platform, startPlatform } from './stack/start-platform.js';
import { readToolsConfig } from './stack/tools.config.js';

const options = new Command('npm run demo --')
  .description(
    'Grants a role in one service and watches the other enforce it, on a stack of its own that is ' +
      'gone afterwards. Exits with 1 at the first wrong answer.',
  )
  .option(
    '--matrix <file>',
    'import a user-permission matrix (.txt or .txt.gz) and check every pair',
  )
  .option('--revocations <n>', 'how many random revocations follow', wholeNumber, 100)
  .option('--seed <n>', 'of the random revocations', wholeNumber, Date.now() % 1_000_000)
  .parse()
  .opts<{ matrix?: string; revocations: number; seed: number }>();

/** One tenant for the demonstration; its administrator is the only one there is at first. */
const TENANT = 'demo';
const ADMIN = { name: 'dana', subject: 'demo|dana', tenantId: TENANT };

const startedAt = performance.now();
process.exitCode = await run();

async function run(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'bastion-demo-'));
  // PostgreSQL runs as another user, who must be able to enter.
  chmodSync(folder, 0o755);
  try {
    const prepared = options.matrix === undefined ? undefined : prepareMatrix(options.matrix);
    console.log('Starting a stack of its own …');
    const platform = await startPlatform({
      stateFolder: folder,
      config: { ...readToolsConfig({}), ports: {} },
      report: reportSteps(console.log),
    });
    stopOnSignals(() => platform.stop(), console.error);
    try {
      const actors = await createTenant(platform);
      if (prepared) {
        await tellMatrix(actors, prepared, options, console.log);
      } else {
        await tellMainJob(actors, console.log);
      }
    } finally {
      await platform.stop();
    }
    console.log(`\nEverything was as it must be. ${seconds()} s in all.`);
    return 0;
  } catch (error) {
    console.error(`\n${explain(error)}`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function createTenant(platform: Platform) {
  const { stack, adminEnvironment, scopeManagementUrl, gatekeeperUrl } = platform;
  stack.identityProvider!.addPerson(ADMIN);
  for (const id of ['platform', TENANT]) {
    await runAdmin(adminEnvironment, [
      ...['tenant', 'create', '--id', id, '--name', `The tenant ${id}`],
      ...['--admin-user-name', `dana@${id}.example`, '--admin-display-name', 'Dana'],
      ...['--admin-subject', ADMIN.subject],
    ]);
  }
  console.log(`  ✔ tenant ${TENANT} with its first administrator`);
  const token = () => fetchToken(stack.issuer, { person: ADMIN.name });
  const admin = new GraphqlClient(scopeManagementUrl, token);
  return {
    admin,
    api: new ScopeManagement(admin),
    gatekeeper: new Gatekeeper(new GraphqlClient(gatekeeperUrl, token)),
  };
}

function explain(error: unknown): string {
  if (error instanceof WrongAnswer) return `WRONG ANSWER\n${error.message}`;
  if (error instanceof LocalStackError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function seconds(): string {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('not a whole number');
  return value;
}
