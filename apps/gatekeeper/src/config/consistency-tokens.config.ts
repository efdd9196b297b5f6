import { consistencyTokensEnvironment, readConfig, type Environment } from '@bastion/platform';

export const consistencyTokensConfig = (env: Environment = process.env) =>
  readConfig('consistency token', consistencyTokensEnvironment, env);
