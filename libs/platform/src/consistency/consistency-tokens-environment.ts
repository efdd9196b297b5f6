import { z } from 'zod';
import { Secret } from '../config/secret.js';
import { MIN_KEY_BYTES } from './consistency-tokens.js';

/** The environment variables of consistency tokens: the same values for every app. */
export const consistencyTokensEnvironment = z
  .object({
    CONSISTENCY_TOKEN_KEYS: z
      .string()
      .transform((text) => text.split(',').map((key) => key.trim()))
      .refine((keys) => keys.every((key) => Buffer.byteLength(key) >= MIN_KEY_BYTES), {
        error: `every key has at least ${MIN_KEY_BYTES} bytes`,
      })
      .describe('comma-separated, the same for both services; the first signs, all verify'),
  })
  .transform((env) => {
    const [first = '', ...others] = env.CONSISTENCY_TOKEN_KEYS;
    const keys: readonly [Secret, ...Secret[]] = [
      new Secret(first),
      ...others.map((key) => new Secret(key)),
    ];
    return { keys };
  });
