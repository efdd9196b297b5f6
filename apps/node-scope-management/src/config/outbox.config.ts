import { type Environment, readConfig } from '@bastion/platform';
import { z } from 'zod';

const schema = z
  .object({
    OUTBOX_RETENTION_HOURS: z.coerce
      .number()
      .positive()
      .default(72)
      .describe('for how long messages are kept that were sent and have arrived everywhere'),
  })
  .transform((env) => ({ retentionHours: env.OUTBOX_RETENTION_HOURS }));

export type OutboxConfig = z.output<typeof schema>;

export const outboxConfig = (env: Environment = process.env): OutboxConfig =>
  readConfig('outbox', schema, env);
