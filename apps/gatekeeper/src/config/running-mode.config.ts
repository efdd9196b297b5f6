import { readConfig, type Environment } from '@bastion/platform';
import { z } from 'zod';

const schema = z
  .object({
    RUNNING_MODE: z
      .enum(['server', 'migrate'])
      .default('server')
      .describe('server: decisions and projector; migrate: the database, then the end'),
  })
  .transform((env) => env.RUNNING_MODE);

/** What a process of this app does. */
export type RunningMode = z.output<typeof schema>;

export const runningModeConfig = (env: Environment = process.env): RunningMode =>
  readConfig('running mode', schema, env);
