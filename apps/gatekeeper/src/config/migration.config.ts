import { fileURLToPath } from 'node:url';
import { migrationEnvironment, readConfig, type Environment } from '@bastion/platform';

/** Seen from the built file; an image may keep them elsewhere. */
const MIGRATIONS = fileURLToPath(
  new URL('../../../../../prisma/gatekeeper/migrations', import.meta.url),
);

export const migrationConfig = (env: Environment = process.env) =>
  readConfig('migration', migrationEnvironment(MIGRATIONS), env);
