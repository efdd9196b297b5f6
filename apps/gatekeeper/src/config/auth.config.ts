import { authEnvironment, readConfig, type AuthOptions, type Environment } from '@bastion/platform';

export const authConfig = (env: Environment = process.env): AuthOptions =>
  readConfig('authentication', authEnvironment, env);
