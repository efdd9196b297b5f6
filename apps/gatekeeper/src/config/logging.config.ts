import {
  loggingEnvironment,
  readConfig,
  type Environment,
  type LoggingOptions,
} from '@bastion/platform';

export const loggingConfig = (env: Environment = process.env): Pick<LoggingOptions, 'level'> =>
  readConfig('logging', loggingEnvironment, env);
