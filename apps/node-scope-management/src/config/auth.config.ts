import { authEnvironment, type AuthOptions, type Environment, readConfig } from '@bastion/platform';

export const authConfig = (env: Environment = process.env): AuthOptions =>
  readConfig('authentication', authEnvironment, env);
