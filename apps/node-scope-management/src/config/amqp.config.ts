import { readConfig, type Environment } from '@bastion/platform';
import { amqpEnvironment } from '@bastion/platform/amqp';

export const amqpConfig = (env: Environment = process.env) =>
  readConfig('AMQP', amqpEnvironment, env);

export type AmqpConfig = ReturnType<typeof amqpConfig>;
