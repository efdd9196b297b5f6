import {
  type Environment,
  loggingEnvironment,
  type LoggingOptions,
  readConfig,
} from '@bastion/platform';

export const loggingConfig = (env: Environment = process.env): Pick<LoggingOptions, 'level'> =>
  readConfig('logging', loggingEnvironment, env);
