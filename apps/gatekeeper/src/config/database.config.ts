import { readConfig, secretText, type Environment } from '@bastion/platform';
import { z } from 'zod';

const schema = z
  .object({
    DATABASE_URL: secretText().describe('postgresql://… as a login of the role gatekeeper_app'),
    DATABASE_URL_PROJECTOR: secretText().describe(
      'postgresql://… as a login of the role gatekeeper_projector',
    ),
  })
  .transform((env) => ({
    /** May read one tenant's projection at a time. */
    url: env.DATABASE_URL,
    /** May write it, too. */
    projectorUrl: env.DATABASE_URL_PROJECTOR,
  }));

export type DatabaseConfig = z.output<typeof schema>;

export const databaseConfig = (env: Environment = process.env): DatabaseConfig =>
  readConfig('database', schema, env);
