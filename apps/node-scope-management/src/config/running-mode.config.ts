import { type Environment, readConfig } from '@bastion/platform';
import { z } from 'zod';

const schema = z
  .object({
    RUNNING_MODE: z
      .enum(['server', 'relay', 'migrate'])
      .default('server')
      .describe('server: API and relay; relay: a relay alone; migrate: the database, then the end'),
  })
  .transform((env) => env.RUNNING_MODE);

/** What a process of this app does. */
export type RunningMode = z.output<typeof schema>;

export const runningModeConfig = (env: Environment = process.env): RunningMode =>
  readConfig('running mode', schema, env);
