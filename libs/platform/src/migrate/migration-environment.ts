import { z } from 'zod';
import { secretText } from '../config/secret.js';

/** The environment variables of an app's running mode `migrate`; `folder`: where its SQL lies. */
export const migrationEnvironment = (folder: string) =>
  z
    .object({
      MIGRATION_DATABASE_URL: secretText().describe(
        'postgresql://… as the role that owns the tables',
      ),
      MIGRATIONS_FOLDER: z.string().default(folder).describe("the folder of the app's migrations"),
    })
    .transform((env) => ({ url: env.MIGRATION_DATABASE_URL, folder: env.MIGRATIONS_FOLDER }));
