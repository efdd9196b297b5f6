import { z } from 'zod';

/** The variable SHUTDOWN_DRAIN_MS, alike in every app. */
export const drainTime = z.coerce
  .number()
  .int()
  .min(0)
  .max(60_000)
  .default(3_000)
  .describe(
    'for how long it serves on, no longer ready, once it is told to end: until nobody sends ' +
      'requests here any more',
  );
