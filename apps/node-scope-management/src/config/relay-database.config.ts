import { type Environment, readConfig, secretText } from '@bastion/platform';
import { z } from 'zod';

const schema = z
  .object({
    DATABASE_URL_RELAY: secretText().describe(
      'postgresql://… as a login of the role scope_management_relay, without a pooler in between',
    ),
  })
  .transform((env) => ({ url: env.DATABASE_URL_RELAY }));

export type RelayDatabaseConfig = z.output<typeof schema>;

export const relayDatabaseConfig = (env: Environment = process.env): RelayDatabaseConfig =>
  readConfig('relay database', schema, env);
