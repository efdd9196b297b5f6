import 'reflect-metadata';
import { ConfigError } from '@bastion/platform';
import { MigrationError } from '@bastion/platform/migrate';
import { runningModeConfig } from './config/running-mode.config.js';
import { ENTRIES } from './running-mode.js';

try {
  await ENTRIES[runningModeConfig()]();
} catch (error) {
  const expected = error instanceof ConfigError || error instanceof MigrationError;
  const stack = error instanceof Error ? error.stack : undefined;
  process.stderr.write(`${expected ? error.message : (stack ?? String(error))}\n`);
  process.exit(1);
}
