import { readFileSync } from 'node:fs';
import { fetchToken, LocalStackError } from '@bastion/local-stack';
import { Command } from 'commander';
import { RUNNING_FILE, type Running } from './stack/running.js';
import { SAMPLE_PEOPLE, SAMPLE_SERVICE } from './stack/people.js';

const names: readonly string[] = [
  ...SAMPLE_PEOPLE.map(({ name }) => name),
  SAMPLE_SERVICE.clientId,
];

const program = new Command('npm run token --')
  .description('Prints an access token of somebody of the running stack, valid for 15 minutes.')
  .argument('<name>', `one of ${names.join(', ')}`)
  .addHelpText('after', '\nExample:\n  TOKEN=$(npm run --silent token -- alice)')
  .parse();

try {
  console.log(await tokenOf(program.args[0] ?? ''));
} catch (error) {
  if (!(error instanceof LocalStackError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function tokenOf(name: string): Promise<string> {
  const { issuer, serviceSecret } = running();
  if (name === SAMPLE_SERVICE.clientId) {
    return fetchToken(issuer, { clientId: name, clientSecret: serviceSecret });
  }
  if (!names.includes(name)) {
    throw new LocalStackError(`There is no ${name}; there are ${names.join(', ')}.`);
  }
  return fetchToken(issuer, { person: name });
}

function running(): Running {
  try {
    return JSON.parse(readFileSync(RUNNING_FILE, 'utf8')) as Running;
  } catch (cause) {
    throw new LocalStackError('Nothing is running here. Start it with `npm start`.', { cause });
  }
}
