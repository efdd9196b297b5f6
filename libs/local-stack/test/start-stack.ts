// Starts a stack from an empty environment, prints what it came to, and stops it:
//   start-stack.ts STATE_FOLDER CACHE_FOLDER MIGRATIONS_FOLDER
import { join } from 'node:path';
import { startLocalStack } from '../src/local-stack.js';
import { readStackConfig } from '../src/stack.config.js';
import type { StackStep } from '../src/stack-parts.js';

const [stateFolder = '', cacheFolder = '', migrations = ''] = process.argv.slice(2);
const steps: StackStep[] = [];
const stack = await startLocalStack({
  stateFolder,
  cacheFolder,
  config: readStackConfig({}),
  migrations: {
    scopeManagement: join(migrations, 'scope-management'),
    gatekeeper: join(migrations, 'gatekeeper'),
  },
  report: (step) => steps.push(step),
});
const { amqpUrl } = stack;
await stack.stop();
process.stdout.write(JSON.stringify({ hasBroker: amqpUrl !== undefined, steps }));
