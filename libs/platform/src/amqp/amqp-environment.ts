import { z } from 'zod';
import { secretText } from '../config/secret.js';

/** The environment variables of the broker, alike in every app. */
export const amqpEnvironment = z
  .object({
    AMQP_URL: secretText()
      .optional()
      .describe('amqp://user:password@host:port of RabbitMQ; without it consumers pull'),
    AMQP_NAMESPACE: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/)
      .default('bastion')
      .describe('keeps several installations apart on one broker'),
  })
  .transform((env) => ({ url: env.AMQP_URL, namespace: env.AMQP_NAMESPACE }));
