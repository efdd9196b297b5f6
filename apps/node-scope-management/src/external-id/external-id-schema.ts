import { LIMITS, MANUAL } from '@bastion/access';
import { exactText } from '@bastion/platform';
import { z } from 'zod';

const connectionSchema = z
  .string()
  .regex(/^[A-Za-z0-9][\w.:-]{0,127}$/, 'Expected 1 to 128 letters, digits, ".", "_", ":" or "-"');

export const externalIdSchema = z.object({
  connection: connectionSchema.default(MANUAL),
  externalId: exactText(LIMITS.externalIdLength),
});

/** All that connections call one thing: each connection one name. */
export const externalIdsSchema = z
  .array(externalIdSchema)
  .max(LIMITS.externalIdsPerUser)
  .refine(
    (ids) => new Set(ids.map(({ connection }) => connection)).size === ids.length,
    'A connection calls it one thing',
  );
