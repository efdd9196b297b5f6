import { clockEnvironment, readConfig, type Environment } from '@bastion/platform';

export const clockConfig = (env: Environment = process.env) =>
  readConfig('clock', clockEnvironment, env);
