import { readConfig, Secret, type Environment } from '@bastion/platform';
import { z } from 'zod';

const MIN_KEY_BYTES = 32;

const schema = z
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

export type ConsistencyTokensConfig = z.output<typeof schema>;

export const consistencyTokensConfig = (env: Environment = process.env): ConsistencyTokensConfig =>
  readConfig('consistency token', schema, env);
