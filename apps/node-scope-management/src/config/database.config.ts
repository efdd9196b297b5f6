import { type Environment, readConfig, secretText } from '@bastion/platform';
import { z } from 'zod';

const schema = z
  .object({
    DATABASE_URL: secretText().describe(
      'postgresql://… as a login of the role scope_management_app',
    ),
    DATABASE_URL_HEADS: secretText().describe(
      'postgresql://… as a login of the role scope_management_heads',
    ),
    DATABASE_POOL_SIZE: z.coerce
      .number()
      .int()
      .min(2)
      .max(200)
      .default(10)
      .describe('the most connections that the API opens'),
  })
  .transform((env) => ({
    url: env.DATABASE_URL,
    headsUrl: env.DATABASE_URL_HEADS,
    poolSize: env.DATABASE_POOL_SIZE,
  }));

export type DatabaseConfig = z.output<typeof schema>;

export const databaseConfig = (env: Environment = process.env): DatabaseConfig =>
  readConfig('database', schema, env);
