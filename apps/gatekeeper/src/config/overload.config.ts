import { readConfig, type Environment } from '@bastion/platform';
import { z } from 'zod';

const schema = z
  .object({
    MAX_EVENT_LOOP_DELAY_MS: z.coerce
      .number()
      .int()
      .positive()
      .default(100)
      .describe(
        'how long requests may wait for their turn; beyond it, tenants that ask for more than their ' +
          'share are refused',
      ),
    MAX_WAITING_CHECKS: z.coerce
      .number()
      .int()
      .positive()
      .default(1_000)
      .describe(
        'checks that wait at a time for their tenant to be loaded or for the revision they ask for; ' +
          'one tenant takes half of the places at most',
      ),
  })
  .transform((env) => ({
    maxDelayMs: env.MAX_EVENT_LOOP_DELAY_MS,
    maxWaiting: env.MAX_WAITING_CHECKS,
  }));

export type OverloadConfig = z.output<typeof schema>;

export const overloadConfig = (env: Environment = process.env): OverloadConfig =>
  readConfig('overload', schema, env);
