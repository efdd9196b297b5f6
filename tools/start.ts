import { LocalStackError, stopOnSignals } from '@bastion/local-stack';
import { Command } from 'commander';
import { registerSamplePeople } from './stack/people.js';
import { reportSteps } from './stack/report-steps.js';
import { announceRunning, STATE_FOLDER, withdrawRunning } from './stack/running.js';
import { sampleRequests } from './stack/sample-requests.js';
import { seedSampleData } from './stack/seed.js';
import { type Platform, startPlatform } from './stack/start-platform.js';
import { readToolsConfig } from './stack/tools.config.js';

const HELP = `
What it uses instead of starting its own, by environment variable:
  DATABASE_URL_SCOPE_MANAGEMENT, DATABASE_URL_GATEKEEPER   owner URLs of two empty databases
  AMQP_URL                                                 a RabbitMQ; none: do without
  OIDC_ISSUER, SYNC_CLIENT_ID, SYNC_CLIENT_SECRET          an identity provider
Ports, free ones by default: GATEKEEPER_PORT, NSM_PORT, POSTGRES_PORT, AMQP_PORT, OIDC_PORT`;

const options = new Command('npm start --')
  .description('Starts both services and all they need on this machine, until Ctrl-C.')
  .option('--fresh', 'begin anew: forget everything an earlier start left')
  .addHelpText('after', HELP)
  .parse()
  .opts<{ fresh?: boolean }>();

const startedAt = performance.now();
try {
  console.log('Starting …');
  const platform = await startPlatform({
    stateFolder: STATE_FOLDER,
    fresh: options.fresh,
    config: readToolsConfig(),
    report: reportSteps(console.log),
  });
  stopOnSignals(() => stop(platform), console.error);
  registerSamplePeople(platform.stack);
  announceRunning(platform);
  await welcome(platform);
} catch (error) {
  if (!(error instanceof LocalStackError)) throw error;
  console.error(`\n${error.message}`);
  process.exit(1);
}

async function welcome(platform: Platform): Promise<void> {
  const { gatekeeperUrl, scopeManagementUrl, stack } = platform;
  const lines = [
    '',
    `gatekeeper              ${gatekeeperUrl}/graphql   ${gatekeeperUrl}/access/v1/evaluation`,
    `node-scope-management   ${scopeManagementUrl}/graphql`,
    `identity provider       ${stack.issuer}`,
    `logs                    ${stack.state.file('logs')}`,
    '',
  ];
  if (stack.identityProvider) {
    console.log('  … sample tenants');
    lines.push(...sampleRequests(platform, await seedSampleData(platform)));
  } else {
    lines.push('Tokens come from your identity provider. Create a tenant: npm run admin -- --help');
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log([...lines, '', `Ready after ${seconds} s. Ctrl-C stops everything.`].join('\n'));
}

async function stop(platform: Platform): Promise<void> {
  console.log('\nStopping …');
  withdrawRunning();
  await platform.stop();
}
