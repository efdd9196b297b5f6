import { readConfig, secretText, type Environment } from '@bastion/platform';
import { z } from 'zod';

const schema = z
  .object({
    AMQP_URL: secretText()
      .optional()
      .describe('amqp://user:password@host:port of RabbitMQ; without it the owner is polled'),
    AMQP_NAMESPACE: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/)
      .default('bastion')
      .describe('keeps several installations apart on one broker'),
  })
  .transform((env) => ({ url: env.AMQP_URL, namespace: env.AMQP_NAMESPACE }));

export type AmqpConfig = z.output<typeof schema>;

export const amqpConfig = (env: Environment = process.env): AmqpConfig =>
  readConfig('AMQP', schema, env);
