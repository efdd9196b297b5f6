import { fileURLToPath } from 'node:url';
import { readConfig, secretText, type Environment } from '@bastion/platform';
import { z } from 'zod';

/** Seen from the built file; an image may keep them elsewhere. */
const MIGRATIONS = fileURLToPath(
  new URL('../../../../../prisma/gatekeeper/migrations', import.meta.url),
);

const schema = z
  .object({
    MIGRATION_DATABASE_URL: secretText().describe(
      'postgresql://… as the role that owns the tables',
    ),
    MIGRATIONS_FOLDER: z
      .string()
      .default(MIGRATIONS)
      .describe('the folder prisma/gatekeeper/migrations'),
  })
  .transform((env) => ({ url: env.MIGRATION_DATABASE_URL, folder: env.MIGRATIONS_FOLDER }));

export type MigrationConfig = z.output<typeof schema>;

export const migrationConfig = (env: Environment = process.env): MigrationConfig =>
  readConfig('migration', schema, env);
