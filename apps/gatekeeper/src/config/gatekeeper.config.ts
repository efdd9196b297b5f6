import type { Environment } from '@bastion/platform';
import { amqpConfig } from './amqp.config.js';
import { authConfig } from './auth.config.js';
import { clockConfig } from './clock.config.js';
import { consistencyTokensConfig } from './consistency-tokens.config.js';
import { databaseConfig } from './database.config.js';
import { httpConfig } from './http.config.js';
import { loggingConfig } from './logging.config.js';
import { overloadConfig } from './overload.config.js';
import { syncConfig } from './sync.config.js';

/**
 * Everything that can be configured.
 *
 * @throws ConfigError naming what is wrong in the first namespace in which something is
 */
export function gatekeeperConfig(env: Environment = process.env) {
  return {
    log: loggingConfig(env),
    http: httpConfig(env),
    database: databaseConfig(env),
    amqp: amqpConfig(env),
    auth: authConfig(env),
    sync: syncConfig(env),
    tokens: consistencyTokensConfig(env),
    clock: clockConfig(env),
    overload: overloadConfig(env),
  };
}

export type GatekeeperConfig = ReturnType<typeof gatekeeperConfig>;
