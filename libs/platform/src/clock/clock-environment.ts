import { z } from 'zod';

/** The environment variables of the clock, alike in every app. */
export const clockEnvironment = z
  .object({
    CLOCK_UNCERTAINTY_MS: z.coerce
      .number()
      .int()
      .nonnegative()
      .default(250)
      .describe('how far the wall clock may be off'),
  })
  .transform((env) => ({ uncertaintyMs: env.CLOCK_UNCERTAINTY_MS }));
