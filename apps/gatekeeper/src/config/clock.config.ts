import { readConfig, type Environment } from '@bastion/platform';
import { z } from 'zod';

const schema = z
  .object({
    CLOCK_UNCERTAINTY_MS: z.coerce
      .number()
      .int()
      .nonnegative()
      .default(250)
      .describe('how far the wall clock may be off'),
  })
  .transform((env) => ({ uncertaintyMs: env.CLOCK_UNCERTAINTY_MS }));

export type ClockConfig = z.output<typeof schema>;

export const clockConfig = (env: Environment = process.env): ClockConfig =>
  readConfig('clock', schema, env);
